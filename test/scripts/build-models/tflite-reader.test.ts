import { describe, expect, it } from 'vitest';
import { halfToNumber } from '../../../scripts/build-models/tflite/constants.ts';
import { readTflite } from '../../../scripts/build-models/tflite/model.ts';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import {
  blob,
  type FlatTable,
  flatbufferBytes,
  int8,
  int32,
  ints,
  table,
  tables,
  text,
} from '../../support/tflite-bytes.ts';

const weights = new Uint8Array(Float32Array.from({ length: 24 }, (_, i) => i).buffer);

/** One depthwise convolution, 3×2 kernel, stride 2×3, padding VALID, RELU6. Slots as in TFLite's schema. */
function depthwiseModel(
  change: { graph?: FlatTable; weights?: FlatTable; root?: FlatTable } = {},
): Uint8Array {
  const graph: FlatTable = {
    0: tables(
      { 0: ints([1, 9, 8, 4]), 1: int8(0), 2: int32(0), 3: text('input') },
      { 0: ints([1, 3, 2, 4]), 1: int8(0), 2: int32(1), 3: text('weights'), ...change.weights },
      { 0: ints([1, 4, 3, 4]), 1: int8(0), 2: int32(0), 3: text('output') },
    ),
    1: ints([0]),
    2: ints([2]),
    3: tables({
      0: int32(0),
      1: ints([0, 1, -1]),
      2: ints([2]),
      3: int8(2),
      4: table({ 0: int8(1), 1: int32(3), 2: int32(2), 3: int32(1), 4: int8(3) }),
    }),
    ...change.graph,
  };
  const root = {
    0: int32(3),
    1: tables({ 0: int8(4) }),
    2: tables(graph),
    4: tables({}, { 0: blob(weights) }),
  };
  return flatbufferBytes({ ...root, ...change.root }, 'TFL3');
}

const damaged = expect.objectContaining({ code: 'models/bad-source' });

describe('readTflite', () => {
  it('reads tensors, operators and options', () => {
    const model = readTflite(depthwiseModel(), 'test');
    expect(model.tensors.map(({ name, shape, type }) => [name, shape, type])).toEqual([
      ['input', [1, 9, 8, 4], 'float32'],
      ['weights', [1, 3, 2, 4], 'float32'],
      ['output', [1, 4, 3, 4], 'float32'],
    ]);
    expect(model.tensors[0]?.data).toBeNull();
    expect(model.tensors[1]?.data).toEqual(weights);
    expect([model.inputs, model.outputs]).toEqual([[0], [2]]);
    const [operator] = model.operators;
    expect(operator).toMatchObject({ kind: 'DEPTHWISE_CONV_2D', inputs: [0, 1, -1], outputs: [2] });
    expect(operator?.options).toMatchObject({
      padding: 'valid',
      stride: [2, 3],
      dilation: [1, 1],
      activation: 'relu6',
    });
  });

  it('takes operator codes above 127 from where newer files have them', () => {
    const root = { 1: tables({ 0: int8(127), 3: int32(150) }) };
    expect(readTflite(depthwiseModel({ root }), 'test').operators[0]?.kind).toBe('BUILTIN 150');
  });

  it.each([
    ['another kind of file', new TextEncoder().encode('PK\u0003\u0004 not a model at all')],
    ['an empty file', new Uint8Array()],
    ['weights of the wrong size', depthwiseModel({ weights: { 0: ints([1, 3, 2, 5]) } })],
    ['a shape with a negative side', depthwiseModel({ weights: { 0: ints([-1, 3, 2, -4]) } })],
    ['a tensor number beyond the list', depthwiseModel({ graph: { 1: ints([3]) } })],
    ['a buffer number beyond the list', depthwiseModel({ weights: { 2: int32(7) } })],
    ['quantised weights', depthwiseModel({ weights: { 1: int8(9) } })],
    ['sparse weights', depthwiseModel({ weights: { 6: table({}) } })],
    ['several graphs', depthwiseModel({ root: { 2: tables({}, {}) } })],
  ])('refuses %s', (_, bytes) => {
    expect(() => readTflite(bytes, 'test')).toThrow(damaged);
  });

  it('gives a model or a catalogued error for any damage, and ends', () => {
    const random = seededRandom(9);
    const original = depthwiseModel();
    let failures = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const bytes = original.slice(0, random.next() < 0.3 ? random.int(original.length) : original.length);
      for (let change = 0; change <= random.int(4) && bytes.length > 0; change++) {
        bytes[random.int(bytes.length)] = random.int(256);
      }
      try {
        readTflite(bytes, 'test');
      } catch (thrown) {
        failures += 1;
        if (!(thrown instanceof LineamentError)) throw thrown;
      }
    }
    expect(failures).toBeGreaterThan(1000);
  });
});

describe('halfToNumber', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, (1023 / 1024) * 2 ** -14],
    [0x3555, 0.333251953125],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('%i is %f', (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });
});
