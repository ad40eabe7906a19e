import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { broadcast, sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';

export type ExpandAttributes = { readonly shape: Shape };

/** The value repeated to a larger shape. */
export const expandOp: Operator<ExpandAttributes> = {
  name: 'expand',
  shape(inputs, { shape }) {
    const [x] = operands('expand', inputs, 1);
    assert(sameShape(broadcast(x?.shape ?? [], shape), shape), `[${x?.shape}] expands to [${shape}]`);
    return shape;
  },
  gradient: (_, dy) => [dy],
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) => onnx.node('Expand', [onnx.input(0), onnx.ints(attributes.shape)]),
  },
};

export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : node(expandOp, [x], { shape });
}
