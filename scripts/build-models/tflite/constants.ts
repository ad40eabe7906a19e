import { damaged } from './flatbuffer.ts';
import type { TfliteModel, TfliteTensor } from './model.ts';

export function tensorAt(model: TfliteModel, index: number | undefined): TfliteTensor {
  const tensor = index === undefined ? undefined : model.tensors[index];
  if (tensor === undefined) throw damaged(model.name, `an operator lacks tensor ${index}`);
  return tensor;
}

/** A constant's values: float32, float16 widened, or int32. Row-major in the tensor's own shape. */
export function constantValues(model: TfliteModel, tensor: TfliteTensor): Float32Array | Int32Array {
  const { data, type } = tensor;
  if (data === null) throw damaged(model.name, `${tensor.name} should be a constant`);
  const copy = new Uint8Array(data).buffer;
  if (type === 'float32') return new Float32Array(copy);
  if (type === 'int32') return new Int32Array(copy);
  if (type === 'float16') return Float32Array.from(new Uint16Array(copy), halfToNumber);
  throw damaged(model.name, `${tensor.name} is a constant of type ${type}`);
}

export function floatConstant(model: TfliteModel, index: number | undefined): Float32Array {
  const tensor = tensorAt(model, index);
  const values = constantValues(model, tensor);
  if (values instanceof Float32Array) return values;
  throw damaged(model.name, `${tensor.name} holds integers where numbers with fractions are expected`);
}

export function intConstant(model: TfliteModel, index: number | undefined): number[] {
  const tensor = tensorAt(model, index);
  const values = constantValues(model, tensor);
  if (values instanceof Int32Array) return [...values];
  throw damaged(model.name, `${tensor.name} holds fractions where integers are expected`);
}

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
