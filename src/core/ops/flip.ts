import { node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';

export type FlipAttributes = { readonly axes: readonly number[] };

/** The order along the axes reversed. */
export const flipOp: Operator<FlipAttributes> = {
  name: 'flip',
  shape(inputs, { axes }) {
    const shape = operands('flip', inputs, 1)[0]?.shape ?? [];
    for (const axis of axes) side(shape, axis);
    return shape;
  },
  gradient: (node, dy) => [flip(dy, node.attributes.axes)],
  form: {
    kind: 'primitive',
    emit({ attributes: { axes } }, onnx) {
      const all = (value: number): string => onnx.ints(axes.map(() => value));
      return onnx.node('Slice', [onnx.input(0), all(-1), all(-(2 ** 31)), onnx.ints(axes), all(-1)]);
    },
  },
};

export function flip(x: Value, axes: readonly number[]): Value {
  const real = axes.filter((axis) => side(x.shape, axis) > 1);
  return real.length === 0 ? x : node(flipOp, [x], { axes: real });
}
