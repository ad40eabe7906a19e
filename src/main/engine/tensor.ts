/** The arrays that onnxruntime takes and gives. */
export type TensorData = Float32Array | Uint8Array | Int32Array | BigInt64Array;

export type TensorType = 'float32' | 'uint8' | 'int32' | 'int64';

/** Numbers in rows, last dimension fastest. */
export interface Tensor<Data extends TensorData = TensorData> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/** An input or output of a network: the name, the type, and the shape, null where a dimension may be anything. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | null)[];
}

export function tensorType(data: TensorData): TensorType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int32Array) return 'int32';
  return 'int64';
}

/** The shape in words: `1×3×?×?`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return shape.length === 0 ? 'a single number' : shape.map((size) => size ?? '?').join('×');
}

/** Whether a tensor of `shape` may go where `wanted` is declared. */
export function fits(shape: readonly number[], wanted: readonly (number | null)[]): boolean {
  return shape.length === wanted.length && wanted.every((size, i) => size === null || size === shape[i]);
}
