import { error } from '../base/errors.ts';
import type { OnnxTensor } from '../onnx/types.ts';
import type { Known } from './entry.ts';

/** An ONNX tensor as numbers; half precision is widened. Throws `graph/refused-node` for texts. */
export function knownOf(tensor: OnnxTensor, name = tensor.name): Known {
  const common = { name, shape: tensor.dims };
  switch (tensor.type) {
    case 'float32':
    case 'float64':
      return { ...common, data: tensor.data, whole: false };
    case 'float16':
      return { ...common, data: Float32Array.from(tensor.data, half), whole: false };
    case 'bfloat16':
      return { ...common, data: Float32Array.from(tensor.data, brainFloat), whole: false };
    case 'string':
      throw error('graph/refused-node', {
        op: 'Constant',
        node: name,
        why: 'it is text, and networks compute with numbers',
      });
    case 'int64':
    case 'uint64':
      return { ...common, data: Float64Array.from(tensor.data, Number), whole: true };
    default:
      return { ...common, data: Float64Array.from(tensor.data), whole: true };
  }
}

/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brainFloat(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0] ?? Number.NaN;
}
