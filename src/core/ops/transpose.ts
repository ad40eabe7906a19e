import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { range, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { ints } from '../onnx/build.ts';

/** Axis i of the result is axis `order[i]` of the input. */
export type TransposeAttributes = { readonly order: readonly number[] };

export const transposeOp: Operator<TransposeAttributes> = {
  name: 'transpose',
  shape(inputs, { order }) {
    const shape = operands('transpose', inputs, 1)[0]?.shape ?? [];
    const sorted = order.toSorted((a, b) => a - b);
    assert(
      sorted.length === shape.length && sorted.every((axis, i) => axis === i),
      `[${order}] orders [${shape}]`,
    );
    return order.map((axis) => side(shape, axis));
  },
  gradient(node, dy) {
    const { order } = node.attributes;
    return [
      transpose(
        dy,
        range(order.length).map((axis) => order.indexOf(axis)),
      ),
    ];
  },
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) => onnx.node('Transpose', [onnx.input(0)], { perm: ints(attributes.order) }),
  },
};

export function transpose(x: Value, order: readonly number[]): Value {
  return node(transposeOp, [x], { order });
}
