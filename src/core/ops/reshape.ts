import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { count, sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { one } from './elementwise.ts';

export type ReshapeAttributes = { readonly shape: Shape };

export const reshapeOp: Operator<ReshapeAttributes> = {
  name: 'reshape',
  shape(inputs, { shape }) {
    const [x] = operands('reshape', inputs, 1);
    assert(count(x?.shape ?? []) === count(shape), `[${x?.shape}] reshapes to [${shape}]`);
    return shape;
  },
  gradient: (node, dy) => [reshape(dy, one(node).shape)],
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      // An unchanged first side is written as "the same", so that an exported network takes batches of any size.
      const { shape } = node.attributes;
      const same = shape.length > 1 && shape[0] === one(node).shape[0];
      return onnx.node('Reshape', [onnx.input(0), onnx.ints(same ? [0, ...shape.slice(1)] : shape)]);
    },
  },
};

export function reshape(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : node(reshapeOp, [x], { shape });
}

/** A vector of one number a channel, so that it broadcasts over [batch, channels, height, width]. */
export function perChannel(x: Value): Value {
  return reshape(x, [x.shape[0] ?? 1, 1, 1]);
}
