import { assert } from '../../../src/core/base/assert.ts';
import { ints, node } from '../../../src/core/onnx/build.ts';
import type { OnnxNode, OnnxTensor } from '../../../src/core/onnx/types.ts';
import { constantValues, tensorAt } from './constants.ts';
import type { TfliteModel } from './model.ts';

/** How a conversion should come out. */
export interface ConvertOptions {
  /** Names of the ONNX graph's inputs and outputs, in the order that TFLite has them. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The graph takes any height and width (it must have no operator that fixes them). */
  readonly anySize?: boolean;
  /**
   * The network was trained on pictures with x and y swapped (as Matlab's MTCNN was). Its kernels are swapped
   * instead, so that the ONNX graph takes upright pictures.
   */
  readonly swapped?: boolean;
}

/**
 * The graph in the making. TFLite's rank-4 activations are [batch, height, width, channels]; here they are kept as
 * [batch, channels, height, width] ("planar") throughout, and turned only where an operator sees the order.
 */
export interface Conversion {
  readonly model: TfliteModel;
  readonly options: ConvertOptions;
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
  /** TFLite tensor → name of its value in the planar order (rank 4), or its only order (other ranks). */
  readonly planar: Map<number, string>;
  /** TFLite tensor → name of its value in TFLite's own order. */
  readonly plain: Map<number, string>;
}

export function rankOf(c: Conversion, index: number | undefined): number {
  return tensorAt(c.model, index).shape.length;
}

export function isConstant(c: Conversion, index: number | undefined): boolean {
  return tensorAt(c.model, index).data !== null;
}

/** A [height, width] pair of the TFLite model as the ONNX graph sees it. */
export function pairOf(c: Conversion, [height, width]: readonly [number, number]): [number, number] {
  return c.options.swapped ? [width, height] : [height, width];
}

/** For every planar axis, TFLite's axis. */
export function planarAxes(c: Conversion): [number, number, number, number] {
  return c.options.swapped ? [0, 3, 2, 1] : [0, 3, 1, 2];
}

/** A value's name in the planar order. */
export function planarName(c: Conversion, index: number | undefined): string {
  const name = index === undefined ? undefined : c.planar.get(index);
  assert(name !== undefined, `${c.model.name}: tensor ${index} is used before it is made`);
  return name;
}

/** A value's name in TFLite's own order; a Transpose is made once, and none where height and width are 1. */
export function plainName(c: Conversion, index: number): string {
  const known = c.plain.get(index);
  if (known !== undefined) return known;
  const planar = planarName(c, index);
  if (rankOf(c, index) !== 4) return planar;
  const name = `${planar}/plain`;
  const axes = planarAxes(c);
  const back = [0, 1, 2, 3].map((axis) => axes.indexOf(axis));
  c.nodes.push(node('Transpose', [planar], [name], { perm: ints(back) }));
  c.plain.set(index, name);
  return name;
}

/** Declares an operator's result and gives the name that its node must have as output. */
export function declare(c: Conversion, index: number | undefined): string {
  assert(index !== undefined, `${c.model.name}: an operator without a result`);
  const name = `t${index}`;
  c.planar.set(index, name);
  return name;
}

export function addConstant(c: Conversion, tensor: OnnxTensor): string {
  c.initializers.push(tensor);
  return tensor.name;
}

/** Row-major values reordered so that axis i of the result is axis `axes[i]` of the source. */
export function transposed(
  values: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): { dims: number[]; data: Float32Array } {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const dims = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 1);
  const data = new Float32Array(values.length);
  const position = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = values[from] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      const next = (position[axis] ?? 0) + 1;
      from += step;
      position[axis] = next;
      if (next < (dims[axis] ?? 0)) break;
      from -= step * next;
      position[axis] = 0;
    }
  }
  return { dims, data };
}

/**
 * A constant operand of an elementwise operator with a rank-4 result, as an initializer that broadcasts against the
 * planar order: [C] and [1, 1, C] become [C, 1, 1].
 */
export function planarOperand(c: Conversion, index: number): string {
  const known = c.planar.get(index);
  if (known !== undefined) return known;
  const tensor = tensorAt(c.model, index);
  const values = constantValues(c.model, tensor);
  assert(values instanceof Float32Array, `${c.model.name}: ${tensor.name} is an integer operand`);
  const shape = [...Array(4 - tensor.shape.length).fill(1), ...tensor.shape];
  const { dims, data } = transposed(values, shape, planarAxes(c));
  const name = addConstant(c, {
    name: `c${index}`,
    type: 'float32',
    dims: dims[0] === 1 ? dims.slice(1) : dims,
    data,
  });
  c.planar.set(index, name);
  return name;
}
