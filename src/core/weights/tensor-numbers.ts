import { assert } from '../base/assert.ts';
import { bytesOfType } from '../onnx/element-types.ts';
import type { TorchTensor } from './torch-state.ts';

type Read = (view: DataView, byte: number) => number;

const readers: Readonly<Record<string, Read>> = {
  float32: (view, byte) => view.getFloat32(byte, true),
  float64: (view, byte) => view.getFloat64(byte, true),
  float16: (view, byte) => halfNumber(view.getUint16(byte, true)),
  bfloat16: (view, byte) => bfloatNumber(view.getUint16(byte, true)),
  int64: (view, byte) => Number(view.getBigInt64(byte, true)),
  int32: (view, byte) => view.getInt32(byte, true),
  uint8: (view, byte) => view.getUint8(byte),
  bool: (view, byte) => (view.getUint8(byte) === 0 ? 0 : 1),
};

/**
 * A tensor's numbers in row-major order, from its storage's bytes. Those of views that are transposed, cut out or repeated
 * are gathered.
 */
export function tensorNumbers(
  { storage, offset, shape, strides }: TorchTensor,
  bytes: Uint8Array,
): Float32Array {
  const size = bytesOfType(storage.type);
  assert(bytes.length >= storage.length * size, `${bytes.length} bytes of a storage of ${storage.length}`);
  const length = shape.reduce((product, side) => product * side, 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[storage.type];
  assert(read !== undefined, `numbers of ${storage.type}`);
  const numbers = new Float32Array(length);
  if (isRowMajor(shape, strides)) {
    const part = bytes.subarray(offset * size, (offset + length) * size);
    if (storage.type === 'float32') new Uint8Array(numbers.buffer).set(part);
    else for (let i = 0; i < length; i++) numbers[i] = read(view, (offset + i) * size);
    return numbers;
  }
  const index = shape.map(() => 0);
  let element = offset;
  for (let i = 0; i < length; i++) {
    numbers[i] = read(view, element * size);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        element += stride;
        break;
      }
      index[axis] = 0;
      element -= (next - 1) * stride;
    }
  }
  return numbers;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let stride = 1;
  for (const [axis, side] of [...shape.entries()].reverse()) {
    if (side !== 1 && strides[axis] !== stride) return false;
    stride *= side;
  }
  return true;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
export function halfNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloatNumber(bits: number): number {
  scratch.setUint32(0, bits * 0x10000);
  return scratch.getFloat32(0);
}
