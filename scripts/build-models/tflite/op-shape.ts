import { float, floatTensor, int, ints, intVector, node, text } from '../../../src/core/onnx/build.ts';
import { floatConstant, intConstant, tensorAt } from './constants.ts';
import {
  addConstant,
  type Conversion,
  declare,
  isConstant,
  pairOf,
  plainName,
  planarAxes,
  planarName,
  rankOf,
  transposed,
} from './context.ts';
import { damaged } from './flatbuffer.ts';
import type { TfliteOperator } from './model.ts';
import { emitActivation } from './op-elementwise.ts';

/** TFLite's axis as the planar order has it; other ranks keep theirs. */
function axisOf(c: Conversion, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return rank === 4 ? planarAxes(c).indexOf(positive) : positive;
}

const isPoint = (shape: readonly number[]): boolean => shape[1] === 1 && shape[2] === 1;

/** RESHAPE sees TFLite's order; a map of one place has the same order in both. The batch stays free. */
export function emitReshape(c: Conversion, operator: TfliteOperator): void {
  const input = operator.inputs[0] ?? -1;
  const from = tensorAt(c.model, input).shape;
  const to = tensorAt(c.model, operator.outputs[0]).shape;
  if (to[0] !== from[0]) throw damaged(c.model.name, `RESHAPE [${from}] to [${to}] mixes the batch`);
  const source = from.length === 4 && isPoint(from) ? planarName(c, input) : plainName(c, input);
  const name = declare(c, operator.outputs[0]);
  // 0 keeps the batch, whatever it is.
  const shape = addConstant(c, intVector(`${name}/shape`, [0, ...to.slice(1)]));
  if (to.length !== 4) {
    c.nodes.push(node('Reshape', [source, shape], [name]));
    return;
  }
  const plain = `${name}/plain`;
  c.nodes.push(node('Reshape', [source, shape], [plain]));
  c.nodes.push(node('Transpose', [plain], [name], { perm: ints(planarAxes(c)) }));
  c.plain.set(operator.outputs[0] ?? -1, plain);
}

/**
 * FULLY_CONNECTED, weights [out, in]. A map that comes in is flattened as TFLite has it, [height, width, channels];
 * the weights' columns are reordered instead of the map.
 */
export function emitFullyConnected(c: Conversion, operator: TfliteOperator): void {
  const [input = -1, weights, bias = -1] = operator.inputs;
  const shape = tensorAt(c.model, input).shape;
  const [out = 1, columns = 1] = tensorAt(c.model, weights).shape;
  if (rankOf(c, operator.outputs[0]) !== 2 || shape.slice(1).reduce((n, side) => n * side, 1) !== columns) {
    throw damaged(c.model.name, `FULLY_CONNECTED of [${shape}] by [${out},${columns}]`);
  }
  let data = floatConstant(c.model, weights);
  let source = planarName(c, input);
  const name = declare(c, operator.outputs[0]);
  if (shape.length === 4) {
    const [, ...axes] = planarAxes(c);
    data = transposed(data, [out, ...shape.slice(1)], [0, ...axes]).data;
    c.nodes.push(node('Flatten', [source], [`${name}/flat`], { axis: int(1) }));
    source = `${name}/flat`;
  }
  const inputs = [source, addConstant(c, floatTensor(`${name}/w`, [out, columns], data))];
  if (bias >= 0) inputs.push(addConstant(c, floatTensor(`${name}/b`, [out], floatConstant(c.model, bias))));
  emitActivation(c, operator, name, (output) => node('Gemm', inputs, [output], { transB: int(1) }));
}

/** PAD with zeros; TFLite's table is [rank, 2], ONNX's all begins and then all ends. */
export function emitPad(c: Conversion, operator: TfliteOperator): void {
  const rank = rankOf(c, operator.inputs[0]);
  const table = intConstant(c.model, operator.inputs[1]);
  const order = rank === 4 ? planarAxes(c) : Array.from({ length: rank }, (_, axis) => axis);
  const pads = [0, 1].flatMap((end) => order.map((axis) => table[2 * axis + end] ?? 0));
  const input = planarName(c, operator.inputs[0]);
  const name = declare(c, operator.outputs[0]);
  c.nodes.push(node('Pad', [input, addConstant(c, intVector(`${name}/pads`, pads))], [name]));
}

export function emitConcat(c: Conversion, operator: TfliteOperator): void {
  if (operator.inputs.some((input) => isConstant(c, input))) {
    throw damaged(c.model.name, 'CONCATENATION with a constant');
  }
  const axis = axisOf(c, operator.options.axis, rankOf(c, operator.outputs[0]));
  const inputs = operator.inputs.map((input) => planarName(c, input));
  const name = declare(c, operator.outputs[0]);
  emitActivation(c, operator, name, (output) => node('Concat', inputs, [output], { axis: int(axis) }));
}

/** SOFTMAX over the last axis, which is the planar order's channels. */
export function emitSoftmax(c: Conversion, operator: TfliteOperator): void {
  if (operator.options.beta !== 1) throw damaged(c.model.name, `SOFTMAX with beta ${operator.options.beta}`);
  const axis = axisOf(c, -1, rankOf(c, operator.outputs[0]));
  const input = planarName(c, operator.inputs[0]);
  c.nodes.push(node('Softmax', [input], [declare(c, operator.outputs[0])], { axis: int(axis) }));
}

/** RESIZE_BILINEAR to a constant size [height, width]. */
export function emitResize(c: Conversion, operator: TfliteOperator): void {
  const { alignCorners, halfPixelCentres } = operator.options;
  const [height = 1, width = 1] = intConstant(c.model, operator.inputs[1]);
  const input = planarName(c, operator.inputs[0]);
  const name = declare(c, operator.outputs[0]);
  const sizes = addConstant(c, intVector(`${name}/sizes`, pairOf(c, [height, width])));
  const mode = halfPixelCentres ? 'half_pixel' : alignCorners ? 'align_corners' : 'asymmetric';
  c.nodes.push(
    node('Resize', [input, '', '', sizes], [name], {
      mode: text('linear'),
      coordinate_transformation_mode: text(mode),
      axes: ints([2, 3]),
    }),
  );
}

/** MEAN over height and width that keeps them: the global average. */
export function emitMean(c: Conversion, operator: TfliteOperator): void {
  const axes = intConstant(c.model, operator.inputs[1]).map((axis) => (axis < 0 ? axis + 4 : axis));
  if (!operator.options.keepDims || axes.toSorted().join() !== '1,2') {
    throw damaged(c.model.name, `MEAN over [${axes}]`);
  }
  const input = planarName(c, operator.inputs[0]);
  c.nodes.push(node('GlobalAveragePool', [input], [declare(c, operator.outputs[0])]));
}

export function emitLeakyRelu(c: Conversion, operator: TfliteOperator): void {
  const input = planarName(c, operator.inputs[0]);
  const attributes = { alpha: float(operator.options.alpha) };
  c.nodes.push(node('LeakyRelu', [input], [declare(c, operator.outputs[0])], attributes));
}
