import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { parameter } from '../layers/net.ts';
import { unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { matmul } from '../ops/matmul.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { sqrt } from '../ops/sqrt.ts';
import { subtract } from '../ops/subtract.ts';
import { classWeights } from './cosine.ts';
import { expectedLoss } from './expected.ts';
import { type Head, mostProbes } from './head.ts';

/** A linear layer with a bias. */
export const softmax: Head = {
  name: 'softmax',
  title: 'Softmax',
  family: 'The same margin for all',
  about: 'A linear layer without a margin.',
  presets: { 'face.evoLVe': {}, 'FaceX-Zoo': {} },
  options: [],
  held: [],
  build(net, embeddings, target) {
    const classes = side(target.shape, 1);
    const weights = classWeights(net, embeddings, classes);
    const bias = parameter(net, 'classes.bias', [classes], { kind: 'constant', value: 0 }, { decays: false });
    const logits = add(matmul(embeddings, weights, { tb: true }), bias);
    const width = side(weights.shape, 1);
    const some = slice(weights, [0, 0], [Math.min(classes, mostProbes), width]);
    const probes = clip(matmul(unitRows(embeddings), unitRows(some), { tb: true }), -1, 1);
    return { logits, cosines: ownCosines(embeddings, weights, bias, logits, target), probes };
  },
  target: null,
  expectedLoss(_, classes, embedding, loss, of = classes) {
    // embeddings come out of a normalisation with a length of √d, weights have Xavier's variance of 2/(d + all classes)
    const deviation = Math.sqrt((2 * embedding) / (embedding + of));
    const logit = (z: number): number => deviation * z;
    return expectedLoss({ own: logit, other: logit }, classes, loss);
  },
};

/** (own logit − own bias)/(‖f‖·‖w‖) [n]: without a second product of embeddings and weights. */
function ownCosines(embeddings: Value, weights: Value, bias: Value, logits: Value, target: Value): Value {
  const column = (perClass: Value): Value => matmul(target, reshape(perClass, [side(target.shape, 1), 1])); // [n, 1]
  const own = subtract(reduceSum(multiply(logits, target), [1], true), column(bias));
  const squares = multiply(reduceSumSquare(embeddings, [1], true), column(reduceSumSquare(weights, [1])));
  const cosine = divide(own, sqrt(maximum(squares, scalar(1e-24))));
  return reshape(clip(cosine, -1, 1), [side(target.shape, 0)]);
}
