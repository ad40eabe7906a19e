import type { OnnxNode, OnnxTensor } from '../../../src/core/onnx/types.ts';
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
export declare function rankOf(c: Conversion, index: number | undefined): number;
export declare function isConstant(c: Conversion, index: number | undefined): boolean;
/** A [height, width] pair of the TFLite model as the ONNX graph sees it. */
export declare function pairOf(c: Conversion, [height, width]: readonly [number, number]): [number, number];
/** For every planar axis, TFLite's axis. */
export declare function planarAxes(c: Conversion): [number, number, number, number];
/** A value's name in the planar order. */
export declare function planarName(c: Conversion, index: number | undefined): string;
/** A value's name in TFLite's own order; a Transpose is made once, and none where height and width are 1. */
export declare function plainName(c: Conversion, index: number): string;
/** Declares an operator's result and gives the name that its node must have as output. */
export declare function declare(c: Conversion, index: number | undefined): string;
export declare function addConstant(c: Conversion, tensor: OnnxTensor): string;
/** Row-major values reordered so that axis i of the result is axis `axes[i]` of the source. */
export declare function transposed(
  values: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): {
  dims: number[];
  data: Float32Array;
};
/**
 * A constant operand of an elementwise operator with a rank-4 result, as an initializer that broadcasts against the
 * planar order: [C] and [1, 1, C] become [C, 1, 1].
 */
export declare function planarOperand(c: Conversion, index: number): string;
