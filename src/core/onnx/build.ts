import { halfBits } from '../base/half.ts';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './types.ts';

/** Short ways to write nodes and constants by hand. */

/** Attribute values as plain numbers, texts and lists; `float` marks a number that is no integer attribute. */
export function float(value: number): OnnxAttribute {
  return { kind: 'float', value };
}

export function ints(value: readonly number[]): OnnxAttribute {
  return { kind: 'ints', value };
}

export function int(value: number): OnnxAttribute {
  return { kind: 'int', value };
}

export function text(value: string): OnnxAttribute {
  return { kind: 'string', value };
}

/** A node of ONNX's own operator set, named after its first output. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): OnnxNode {
  return {
    name: `${op}:${outputs[0] ?? ''}`,
    op,
    domain: '',
    inputs,
    outputs,
    attributes: new Map(Object.entries(attributes)),
  };
}

export function floatTensor(name: string, dims: readonly number[], data: Float32Array): OnnxTensor {
  return { name, type: 'float32', dims, data };
}

/** Rounded to half precision. */
export function halfTensor(name: string, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { name, type: 'float16', dims, data: Uint16Array.from(values, halfBits) };
}

/** A one-dimensional int64 constant, as shapes and axes are given. */
export function intVector(name: string, values: readonly number[]): OnnxTensor {
  return {
    name,
    type: 'int64',
    dims: [values.length],
    data: BigInt64Array.from(values, (value) => BigInt(value)),
  };
}
