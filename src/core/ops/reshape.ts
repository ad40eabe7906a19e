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
      // The first side is written as "the same" or "what is left", so that an exported network takes batches of any size.
      const { shape } = node.attributes;
      const [first, ...rest] = shape;
      const same = rest.length > 0 && first === one(node).shape[0];
      const sides = first === undefined ? [] : [same ? 0 : -1, ...rest];
      return onnx.node('Reshape', [onnx.input(0), onnx.ints(sides)]);
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
