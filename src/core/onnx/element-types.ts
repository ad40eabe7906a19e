import type { OnnxArrays, OnnxType } from './types.ts';

/** ONNX's numbers for the element types that are known here (TensorProto.DataType), and bytes an element. */
const table: readonly (readonly [type: OnnxType, code: number, bytes: number])[] = [
  ['float32', 1, 4],
  ['uint8', 2, 1],
  ['int8', 3, 1],
  ['uint16', 4, 2],
  ['int16', 5, 2],
  ['int32', 6, 4],
  ['int64', 7, 8],
  ['string', 8, 0],
  ['bool', 9, 1],
  ['float16', 10, 2],
  ['float64', 11, 8],
  ['uint32', 12, 4],
  ['uint64', 13, 8],
  ['bfloat16', 16, 2],
];

const byCode = new Map(table.map(([type, code]) => [code, type]));
const byType = new Map(table.map(([type, code, bytes]) => [type, { code, bytes }]));

export function typeOfCode(code: number): OnnxType | null {
  return byCode.get(code) ?? null;
}

export function codeOfType(type: OnnxType): number {
  return byType.get(type)?.code ?? 0;
}

export function bytesOfType(type: OnnxType): number {
  return byType.get(type)?.bytes ?? 0;
}

type Numeric = Exclude<OnnxType, 'string'>;

/** For each type, its array over a buffer of exactly the elements' bytes. */
export const arrayOver: { readonly [T in Numeric]: (buffer: ArrayBuffer) => OnnxArrays[T] } = {
  float32: (b) => new Float32Array(b),
  float64: (b) => new Float64Array(b),
  float16: (b) => new Uint16Array(b),
  bfloat16: (b) => new Uint16Array(b),
  int8: (b) => new Int8Array(b),
  int16: (b) => new Int16Array(b),
  int32: (b) => new Int32Array(b),
  int64: (b) => new BigInt64Array(b),
  uint8: (b) => new Uint8Array(b),
  uint16: (b) => new Uint16Array(b),
  uint32: (b) => new Uint32Array(b),
  uint64: (b) => new BigUint64Array(b),
  bool: (b) => new Uint8Array(b),
};
