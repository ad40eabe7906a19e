import { isNode, scalarValue } from '../graph/leaves.ts';
import { sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { addOp } from '../ops/add.ts';
import { multiply, multiplyOp, scale } from '../ops/multiply.ts';
import { reshape, reshapeOp } from '../ops/reshape.ts';
import { subtractOp } from '../ops/subtract.ts';
import { transpose, transposeOp } from '../ops/transpose.ts';
import { padsOfPieces } from './rules-concat.ts';
import { adjointOfScaled, convOfScaled, filterGradientOfScaled } from './rules-scale.ts';

/** A simpler value, or why there is none. `undefined` means that the rule is not about this kind of node. */
export type Outcome = Value | { readonly refused: string } | undefined;

export interface Rule {
  /** The equation. */
  readonly name: string;
  apply(value: Value): Outcome;
}

const wouldGrow = { refused: 'the other operand is smaller than the result' };

/** The operand if it has the whole shape of the node. */
function wholly(operand: Value | undefined, node: Value): Outcome {
  return operand && sameShape(operand.shape, node.shape) ? operand : wouldGrow;
}

const plusZero: Rule = {
  name: 'x + 0 = x, x − 0 = x',
  apply(value) {
    const [a, b] = value.inputs;
    if (isNode(value, addOp) && a && scalarValue(a) === 0) return wholly(b, value);
    if ((isNode(value, addOp) || isNode(value, subtractOp)) && b && scalarValue(b) === 0)
      return wholly(a, value);
    return undefined;
  },
};

const timesOne: Rule = {
  name: 'x · 1 = x',
  apply(value) {
    if (!isNode(value, multiplyOp)) return undefined;
    const [a, b] = value.inputs;
    if (a && scalarValue(a) === 1) return wholly(b, value);
    if (b && scalarValue(b) === 1) return wholly(a, value);
    return undefined;
  },
};

const scaledTwice: Rule = {
  name: '(x · a) · b = x · (a·b) for a number b and an a that is smaller than x',
  apply(value) {
    if (!isNode(value, multiplyOp)) return undefined;
    const [inner, outer] = value.inputs;
    const [x, factor] = inner?.inputs ?? [];
    if (!inner || !outer || !x || !factor || !isNode(inner, multiplyOp)) return undefined;
    const [a, b] = [scalarValue(factor), scalarValue(outer)];
    if (b === null || sameShape(factor.shape, x.shape)) return undefined;
    if (!sameShape(inner.shape, x.shape) || !sameShape(value.shape, x.shape)) return wouldGrow;
    return a === null ? multiply(x, scale(factor, b)) : scale(x, a * b);
  },
};

const reshapedTwice: Rule = {
  name: 'reshape(reshape(x)) = reshape(x)',
  apply(value) {
    const [inner] = value.inputs;
    if (!isNode(value, reshapeOp) || !inner) return undefined;
    if (sameShape(inner.shape, value.shape)) return inner;
    const [x] = inner.inputs;
    return isNode(inner, reshapeOp) && x ? reshape(x, value.shape) : undefined;
  },
};

const transposedTwice: Rule = {
  name: 'transpose(transpose(x)) = transpose(x)',
  apply(value) {
    const [inner] = value.inputs;
    if (!isNode(value, transposeOp) || !inner) return undefined;
    const { order } = value.attributes;
    if (order.every((axis, i) => axis === i)) return inner;
    const [x] = inner.inputs;
    if (!isNode(inner, transposeOp) || !x) return undefined;
    return transpose(
      x,
      order.map((axis) => inner.attributes.order[axis] ?? 0),
    );
  },
};

/** A transposition that only moves sides of one is a reshape, which copies nothing. */
const transposeOfOnes: Rule = {
  name: 'transpose(x) = reshape(x) where only sides of 1 move',
  apply(value) {
    const [x] = value.inputs;
    if (!isNode(value, transposeOp) || !x) return undefined;
    const moved = value.attributes.order.filter((axis) => x.shape[axis] !== 1);
    const inOrder = moved.every((axis, i) => i === 0 || axis > (moved[i - 1] ?? 0));
    return inOrder ? reshape(x, value.shape) : { refused: 'sides of more than one change places' };
  },
};

export const rules: readonly Rule[] = [
  plusZero,
  timesOne,
  scaledTwice,
  reshapedTwice,
  transposedTwice,
  transposeOfOnes,
  padsOfPieces,
  convOfScaled,
  adjointOfScaled,
  filterGradientOfScaled,
];
