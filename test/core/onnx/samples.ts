import { float, floatTensor, int, ints, intVector, node, text } from '../../../src/core/onnx/build.ts';
import type { OnnxGraph, OnnxModel, OnnxTensor } from '../../../src/core/onnx/types.ts';

/** A model around a graph, in operator set 18. */
export function modelOf(graph: Partial<OnnxGraph>): OnnxModel {
  return {
    irVersion: 8,
    producer: 'test',
    producerVersion: '1',
    opsets: new Map([['', 18]]),
    metadata: new Map([['author', 'nobody — 誰も']]),
    graph: { name: 'g', nodes: [], initializers: [], inputs: [], outputs: [], values: [], ...graph },
  };
}

/** One constant of every element type. */
export const constants: readonly OnnxTensor[] = [
  floatTensor('f32', [2, 2], Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY)),
  { name: 'f64', type: 'float64', dims: [1], data: Float64Array.of(Math.PI) },
  { name: 'f16', type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xffff) },
  { name: 'bf16', type: 'bfloat16', dims: [1], data: Uint16Array.of(0x3f80) },
  { name: 'i8', type: 'int8', dims: [2], data: Int8Array.of(-128, 127) },
  { name: 'i16', type: 'int16', dims: [1], data: Int16Array.of(-32768) },
  { name: 'i32', type: 'int32', dims: [1], data: Int32Array.of(-2147483648) },
  { name: 'i64', type: 'int64', dims: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  { name: 'u8', type: 'uint8', dims: [1], data: Uint8Array.of(255) },
  { name: 'u16', type: 'uint16', dims: [1], data: Uint16Array.of(65535) },
  { name: 'u32', type: 'uint32', dims: [1], data: Uint32Array.of(4294967295) },
  { name: 'u64', type: 'uint64', dims: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  { name: 'yes', type: 'bool', dims: [2], data: Uint8Array.of(1, 0) },
  { name: 'words', type: 'string', dims: [2], data: ['', 'größer'] },
  floatTensor('scalar', [], Float32Array.of(7)),
  floatTensor('empty', [0, 3], new Float32Array()),
];

/** A model that has everything that the format can hold here, though nothing could run it. */
export const everything: OnnxModel = modelOf({
  nodes: [
    node('Conv', ['x', 'w', ''], ['y'], {
      pads: ints([1, 0, 1, -1]),
      group: int(3),
      alpha: float(0.5),
      auto_pad: text('VALID'),
      floats: { kind: 'floats', value: [1, -2.5] },
      strings: { kind: 'strings', value: ['', 'b'] },
      none: ints([]),
      zero: int(0),
      value: { kind: 'tensor', value: intVector('inner', [1, -1]) },
      tensors: { kind: 'tensors', value: [intVector('a', [3]), floatTensor('b', [1], Float32Array.of(1))] },
      body: { kind: 'graph', value: modelOf({ name: 'body' }).graph },
      bodies: { kind: 'graphs', value: [modelOf({ name: 'one' }).graph, modelOf({ name: 'two' }).graph] },
    }),
    {
      name: 'n',
      op: 'FusedMatMul',
      domain: 'com.microsoft',
      inputs: [],
      outputs: ['z'],
      attributes: new Map(),
    },
  ],
  initializers: constants,
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3, null, 112] }],
  outputs: [
    { name: 'y', type: 'int64', shape: [] },
    { name: 'z', type: 'float32', shape: null },
  ],
  values: [{ name: 'v', type: null, shape: null }],
});

/** y = relu(conv(x, w) + b), x [batch, 1, 3, 3], w a 2×2 sum with weights 1 2 3 4. */
export const runnable: OnnxModel = modelOf({
  nodes: [node('Conv', ['x', 'w', 'b'], ['c'], { kernel_shape: ints([2, 2]) }), node('Relu', ['c'], ['y'])],
  initializers: [
    floatTensor('w', [1, 1, 2, 2], Float32Array.of(1, 2, 3, 4)),
    floatTensor('b', [1], Float32Array.of(-50)),
  ],
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', 1, 3, 3] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['batch', 1, 2, 2] }],
});
