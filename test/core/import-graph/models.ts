import { seededRandom } from '../../../src/core/base/random.ts';
import { floatTensor, intVector, node } from '../../../src/core/onnx/build.ts';
import type {
  OnnxAttribute,
  OnnxDim,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
} from '../../../src/core/onnx/types.ts';

/** Small models, as other programs write them. */

const random = seededRandom(5);

/** A constant of drawn numbers; `least` keeps them above it, for variances. */
export function drawn(name: string, dims: readonly number[], least?: number): OnnxTensor {
  const length = dims.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, () =>
    least === undefined ? 0.5 * random.normal() : least + random.next(),
  );
  return floatTensor(name, dims, data);
}

export const whole = (name: string, ...values: number[]): OnnxTensor => intVector(name, values);

export const numbers = (name: string, ...values: number[]): OnnxTensor =>
  floatTensor(name, [values.length], Float32Array.from(values));

export const single = (name: string, value: number): OnnxTensor =>
  floatTensor(name, [], Float32Array.of(value));

/** A node that gives `out`, from the pictures `x` and constants. */
export function last(
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): OnnxNode {
  return node(op, inputs, ['out'], attributes);
}

export interface ModelOptions {
  readonly opset?: number;
  readonly input?: readonly OnnxDim[];
  readonly outputs?: readonly string[];
}

export function modelOf(
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxTensor[],
  { opset = 18, input = ['n', 3, 6, 8], outputs = ['out'] }: ModelOptions = {},
): OnnxModel {
  return {
    irVersion: 8,
    producer: 'test',
    producerVersion: '',
    opsets: new Map([['', opset]]),
    metadata: new Map(),
    graph: {
      name: 'test',
      nodes,
      initializers,
      inputs: [{ name: 'x', type: 'float32', shape: input }],
      outputs: outputs.map((name) => ({ name, type: 'float32', shape: null })),
      values: [],
    },
  };
}
