import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { one } from './elementwise.ts';
import { slice } from './slice.ts';

/** How many to put before and after along every axis, and what. */
export type PadAttributes = {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
};

export const padOp: Operator<PadAttributes> = {
  name: 'pad',
  shape(inputs, { before, after }) {
    const shape = operands('pad', inputs, 1)[0]?.shape ?? [];
    assert(before.length === shape.length && after.length === shape.length, 'padding names every axis');
    assert(
      [...before, ...after].every((n) => n >= 0),
      'padding adds',
    );
    return shape.map((length, i) => length + side(before, i) + side(after, i));
  },
  gradient(node, dy) {
    const { before } = node.attributes;
    return [
      slice(
        dy,
        before,
        one(node).shape.map((length, i) => length + side(before, i)),
      ),
    ];
  },
  form: {
    kind: 'primitive',
    emit({ attributes: { before, after, value } }, onnx) {
      const zero = value === 0 ? [] : [onnx.floats([value], [])];
      return onnx.node('Pad', [onnx.input(0), onnx.ints([...before, ...after]), ...zero]);
    },
  },
};

export function pad(x: Value, before: Shape, after: Shape, value = 0): Value {
  return [...before, ...after].every((n) => n === 0) ? x : node(padOp, [x], { before, after, value });
}
