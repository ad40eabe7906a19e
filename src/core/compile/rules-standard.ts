import { constant, scalar } from '../graph/builder.ts';
import { isNode } from '../graph/leaves.ts';
import { range, side } from '../graph/shape.ts';
import { add } from '../ops/add.ts';
import { cast } from '../ops/cast.ts';
import { clip } from '../ops/clip.ts';
import { exp } from '../ops/exp.ts';
import { log } from '../ops/log.ts';
import { logSoftmaxOp } from '../ops/log-softmax.ts';
import { matmul, matmulOp, transposed } from '../ops/matmul.ts';
import { maximum } from '../ops/maximum.ts';
import { scale } from '../ops/multiply.ts';
import { oneHotOp } from '../ops/one-hot.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { subtract } from '../ops/subtract.ts';
import type { Rule } from './rules.ts';

/**
 * For graphics cards: what they have no kernels for would be computed by the processor, and its numbers carried there and
 * back.
 */

const productOfTransposed: Rule = {
  name: 'matmul(Aᵀ, B) = matmul(transpose(A), B) for batches of matrices',
  apply(value) {
    const [a, b] = value.inputs;
    if (!isNode(value, matmulOp) || !a || !b) return undefined;
    const { transposeA, transposeB } = value.attributes;
    if (!transposeA && !transposeB) return undefined;
    if (a.shape.length === 2 && b.shape.length === 2)
      return { refused: 'ONNX’s own Gemm transposes single matrices' };
    return matmul(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b);
  },
};

const softmaxByParts: Rule = {
  name: 'logSoftmax(x) = d − ln Σ exp(d), d = x − max x',
  apply(value) {
    const [x] = value.inputs;
    if (!isNode(value, logSoftmaxOp) || !x) return undefined;
    const last = [x.shape.length - 1];
    const d = subtract(x, reduceMax(x, last, true));
    return subtract(d, log(reduceSum(exp(d), last, true)));
  },
};

/** Whole numbers up to this are exact in float32. */
const mostClasses = 2 ** 24;

const oneHotByDistance: Rule = {
  name: 'oneHot(label)ₖ = clip(1 − |label − k|, 0, 1)',
  apply(value) {
    const [labels] = value.inputs;
    if (!isNode(value, oneHotOp) || !labels) return undefined;
    const { classes } = value.attributes;
    if (classes > mostClasses) return { refused: 'so many classes are not told apart by float32' };
    const column = reshape(cast(labels), [side(labels.shape, 0), 1]);
    const distance = subtract(column, constant(range(classes), [classes])); // [n, classes]
    return clip(add(scalar(1), scale(maximum(distance, scale(distance, -1)), -1)), 0, 1);
  },
};

export const standardRules: readonly Rule[] = [productOfTransposed, softmaxByParts, oneHotByDistance];
