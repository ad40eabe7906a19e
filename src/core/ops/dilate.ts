import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { one } from './elementwise.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';

export type DilateAttributes = { readonly factors: readonly number[] };

/** Puts `factor − 1` zeros between neighbours along every axis: what picking with a step leaves behind. */
export const dilateOp: Operator<DilateAttributes> = {
  name: 'dilate',
  shape(inputs, { factors }) {
    const shape = operands('dilate', inputs, 1)[0]?.shape ?? [];
    assert(factors.length === shape.length, 'a factor for every axis');
    return shape.map((length, i) => (length - 1) * (factors[i] ?? 1) + 1);
  },
  gradient: (node, dy) => [slice(dy, zeros(dy.shape), dy.shape, node.attributes.factors)],
  form: {
    kind: 'composed',
    lower(node) {
      // [.., n, ..] → [.., n, 1, ..] → zeros behind each → [.., n, factor, ..] → [.., n·factor, ..] without the last
      const x = one(node);
      const { factors } = node.attributes;
      const split = x.shape.flatMap((length) => [length, 1]);
      const after = factors.flatMap((factor) => [0, factor - 1]);
      const merged = x.shape.map((length, i) => length * (factors[i] ?? 1));
      const spread = reshape(pad(reshape(x, split), zeros(split), after), merged);
      return slice(spread, zeros(merged), node.shape);
    },
  },
};

const zeros = (shape: Shape): number[] => shape.map(() => 0);

export function dilate(x: Value, factors: readonly number[]): Value {
  return factors.every((factor) => factor === 1) ? x : node(dilateOp, [x], { factors });
}
