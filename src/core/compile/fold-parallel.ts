import { isNode } from '../graph/leaves.ts';
import { sameShape, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { addOp } from '../ops/add.ts';
import type { ConvAttributes } from '../ops/conv-shape.ts';
import { at } from '../ops/elementwise.ts';
import { normaliseOp } from '../ops/normalise.ts';
import { affineOf, layerNumbers, layerOf } from './fold-numbers.ts';
import { foldedConvOp } from './folded-ops.ts';
import type { Rule } from './rules.ts';

/** Rules for sums of convolutions of one value, which are one convolution (Ding et al. 2021, "RepVGG"). */

const shared = { refused: 'something else takes one of the sum' };

/** The smaller filters lie in the larger ones where they read the same pixels. */
export function parallelConvs(users: (value: Value) => number): Rule {
  return {
    name: '(V∘x + b) + (W∘x + c) = (V + W)∘x + (b + c)',
    apply(value) {
      if (!isNode(value, addOp)) return undefined;
      const [first, second] = [at(value, 0), at(value, 1)];
      if (!isNode(first, foldedConvOp) || !isNode(second, foldedConvOp)) return undefined;
      if (at(first, 0) !== at(second, 0)) return { refused: 'they do not see the same value' };
      if (users(first) > 1 || users(second) > 1) return shared;
      return within(first, second) ?? within(second, first) ?? { refused: 'neither lies in the other' };
    },
  };
}

/** The sum as the larger convolution with the smaller one's filters in its own; null where they do not fit. */
function within(large: Value<ConvAttributes>, small: Value<ConvAttributes>): Value | null {
  const [a, b] = [large.attributes, small.attributes];
  const alike = sameShape(a.stride, b.stride) && sameShape(a.dilation, b.dilation) && a.groups === b.groups;
  const [wide, narrow] = [at(large, 1).shape, at(small, 1).shape];
  const shift = shiftOf(a, b.padding);
  const fits =
    shift[0] >= 0 &&
    shift[1] >= 0 &&
    shift.every(Number.isInteger) &&
    shift[0] + side(narrow, 2) <= side(wide, 2) &&
    shift[1] + side(narrow, 3) <= side(wide, 3);
  if (!alike || !fits || !sameShape(large.shape, small.shape)) return null;
  const [v, w] = [layerNumbers(large), layerNumbers(small)];
  if (!v || !w) return null;
  const [kh, kw] = [side(narrow, 2), side(narrow, 3)];
  const sum = Float32Array.from(v[0]);
  for (let i = 0; i < w[0].length; i++) {
    const filter = Math.floor(i / (kh * kw));
    const [row, column] = [Math.floor(i / kw) % kh, i % kw];
    addTo(sum, tapAt(wide, filter, shift[0] + row, shift[1] + column), w[0][i] ?? 0);
  }
  return layerOf(
    large,
    sum,
    v[1].map((term, o) => term + (w[1][o] ?? 0)),
  );
}

/** The value itself, or its normalisation: filters of one tap each. */
export function identityIntoConv(users: (value: Value) => number): Rule {
  return {
    name: '(W∘x + b) + (a·x + c) = (W + a·δ)∘x + (b + c)',
    apply(value) {
      if (!isNode(value, addOp)) return undefined;
      const [first, second] = [at(value, 0), at(value, 1)];
      const [layer, other] = isNode(first, foldedConvOp) ? [first, second] : [second, first];
      if (!isNode(layer, foldedConvOp)) return undefined;
      const x = at(layer, 0);
      const normal = isNode(other, normaliseOp) ? other : null;
      if ((normal ? at(normal, 0) : other) !== x) return undefined;
      const { stride } = layer.attributes;
      const wide = at(layer, 1).shape;
      const shift = shiftOf(layer.attributes, [0, 0, 0, 0]);
      const seen = shift.every(Number.isInteger) && shift[0] < side(wide, 2) && shift[1] < side(wide, 3);
      if (!seen || stride.some((step) => step > 1) || !sameShape(layer.shape, x.shape))
        return { refused: 'its filters do not see every pixel in its own place' };
      if (users(layer) > 1 || (normal && users(normal) > 1)) return shared;
      const known = layerNumbers(layer);
      const affine = normal ? affineOf(normal) : { a: null, c: null };
      if (!known || !affine) return { refused: 'its numbers are not known yet' };
      const sum = Float32Array.from(known[0]);
      const inGroup = side(wide, 1);
      for (let o = 0; o < known[1].length; o++)
        addTo(sum, tapAt(wide, o * inGroup + (o % inGroup), shift[0], shift[1]), affine.a?.[o] ?? 1);
      return layerOf(
        layer,
        sum,
        known[1].map((term, o) => term + (affine.c?.[o] ?? 0)),
      );
    },
  };
}

/** How many taps further from its top and left a convolution reads what another one with `padding` reads. */
function shiftOf(
  { padding, dilation }: ConvAttributes,
  other: ConvAttributes['padding'],
): readonly [number, number] {
  return [(padding[0] - other[0]) / dilation[0], (padding[1] - other[1]) / dilation[1]];
}

/** Where the tap of a filter is, counted through [out, in/groups, kh, kw]; `filter` counts through the first two. */
function tapAt(shape: Shape, filter: number, row: number, column: number): number {
  return (filter * side(shape, 2) + row) * side(shape, 3) + column;
}

function addTo(numbers: Float32Array, position: number, what: number): void {
  numbers[position] = (numbers[position] ?? 0) + what;
}
