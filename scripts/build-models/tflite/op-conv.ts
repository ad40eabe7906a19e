import { floatTensor, int, ints, node, text } from '../../../src/core/onnx/build.ts';
import type { OnnxAttribute } from '../../../src/core/onnx/types.ts';
import { floatConstant, tensorAt } from './constants.ts';
import { addConstant, type Conversion, declare, pairOf, planarName, transposed } from './context.ts';
import { damaged } from './flatbuffer.ts';
import type { TfliteOperator } from './model.ts';
import { emitActivation } from './op-elementwise.ts';

type Attributes = Record<string, OnnxAttribute>;
type Pair = readonly [number, number];

/**
 * TensorFlow's SAME: the result has ⌈size/stride⌉ places; what is missing is put half before and half after, the odd
 * one after. Where height and width are free, ONNX's SAME_UPPER says the same.
 */
function padAttributes(c: Conversion, operator: TfliteOperator, kernel: Pair, dilation: Pair): Attributes {
  if (operator.options.padding === 'valid') return {};
  const [, height = 1, width = 1] = tensorAt(c.model, operator.inputs[0]).shape;
  const total = ([0, 1] as const).map((axis) => {
    const size = axis === 0 ? height : width;
    const stride = operator.options.stride[axis];
    const reach = (kernel[axis] - 1) * dilation[axis] + 1;
    return Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  });
  const strided = operator.options.stride.some((stride) => stride > 1);
  if (c.options.anySize && strided && kernel.some((side) => side > 1)) {
    // Where the kernel is shorter than the stride, onnxruntime would count a negative padding for some sizes.
    const short = ([0, 1] as const).some((i) => kernel[i] < operator.options.stride[i]);
    if (short)
      throw damaged(c.model.name, `${operator.kind} with a kernel shorter than its stride, on any size`);
    return { auto_pad: text('SAME_UPPER') };
  }
  const [rows, columns] = pairOf(c, [total[0] ?? 0, total[1] ?? 0]);
  if (rows === 0 && columns === 0) return {};
  const before = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return { pads: ints([...before, rows - (before[0] ?? 0), columns - (before[1] ?? 0)]) };
}

const strideAttributes = (c: Conversion, stride: Pair): Attributes =>
  stride[0] === 1 && stride[1] === 1 ? {} : { strides: ints(pairOf(c, stride)) };

/** CONV_2D (filter [out, kh, kw, in]) and DEPTHWISE_CONV_2D (filter [1, kh, kw, in·multiplier]) as Conv. */
export function emitConv(c: Conversion, operator: TfliteOperator): void {
  const [input, filter, bias] = operator.inputs;
  const { stride, dilation } = operator.options;
  const depthwise = operator.kind === 'DEPTHWISE_CONV_2D';
  const shape = tensorAt(c.model, filter).shape;
  const kernel: Pair = [shape[1] ?? 1, shape[2] ?? 1];
  const [rows, columns] = c.options.swapped ? [2, 1] : [1, 2];
  const weights = transposed(
    floatConstant(c.model, filter),
    shape,
    depthwise ? [3, 0, rows, columns] : [0, 3, rows, columns],
  );
  const channels = tensorAt(c.model, input).shape[3] ?? 1;
  // A convolution may share its filter with another, so constants are named after the result.
  const name = declare(c, operator.outputs[0]);
  const inputs = [planarName(c, input), addConstant(c, floatTensor(`${name}/w`, weights.dims, weights.data))];
  if (bias !== undefined && bias >= 0) {
    const values = floatConstant(c.model, bias);
    inputs.push(addConstant(c, floatTensor(`${name}/b`, [values.length], values)));
  }
  const attributes: Attributes = {
    kernel_shape: ints(pairOf(c, kernel)),
    ...strideAttributes(c, stride),
    ...(dilation[0] === 1 && dilation[1] === 1 ? {} : { dilations: ints(pairOf(c, dilation)) }),
    ...padAttributes(c, operator, kernel, dilation),
    ...(depthwise && channels > 1 ? { group: int(channels) } : {}),
  };
  emitActivation(c, operator, name, (output) => node('Conv', inputs, [output], attributes));
}

/** MAX_POOL_2D and AVERAGE_POOL_2D; padding counts in neither. */
export function emitPool(c: Conversion, operator: TfliteOperator): void {
  const { filter, stride } = operator.options;
  const input = planarName(c, operator.inputs[0]);
  const name = declare(c, operator.outputs[0]);
  const op = operator.kind === 'MAX_POOL_2D' ? 'MaxPool' : 'AveragePool';
  const attributes = {
    kernel_shape: ints(pairOf(c, filter)),
    ...strideAttributes(c, stride),
    ...padAttributes(c, operator, filter, [1, 1]),
  };
  emitActivation(c, operator, name, (output) => node(op, [input], [output], attributes));
}
