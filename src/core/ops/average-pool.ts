import { constant, node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { convAdjoint } from './conv-adjoint.ts';
import { one } from './elementwise.ts';
import { type PoolAttributes, type PoolOptions, poolAttributes, poolOnnx, poolShape } from './pool.ts';

/** The mean over windows; zeros of the padding count as numbers. */
export const averagePoolOp: Operator<PoolAttributes> = {
  name: 'averagePool',
  shape: poolShape('averagePool'),
  gradient(node, dy) {
    const { kernel, stride, padding } = node.attributes;
    const x = one(node).shape;
    const area = kernel[0] * kernel[1];
    const channels = side(x, 1);
    // as the depthwise convolution with 1/area everywhere
    const window = constant(new Float64Array(channels * area).fill(1 / area), [channels, 1, ...kernel]);
    return [convAdjoint(dy, window, x, { stride, padding, dilation: [1, 1], groups: channels })];
  },
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) =>
      onnx.node('AveragePool', [onnx.input(0)], { ...poolOnnx(attributes), count_include_pad: int(1) }),
  },
};

export function averagePool(x: Value, options: PoolOptions): Value {
  return node(averagePoolOp, [x], poolAttributes(options));
}
