import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { readOnnx } from '../../../src/core/onnx/read.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { everything, runnable } from './samples.ts';

const hasCode = (thrown: unknown, ...codes: string[]): boolean =>
  thrown instanceof LineamentError && codes.includes(thrown.code);

describe('reading what was written', () => {
  it('gives the same model, element types, attributes and subgraphs included', () => {
    expect(readOnnx(writeOnnx(everything))).toEqual(everything);
  });

  it('gives the same bytes again', () => {
    const bytes = writeOnnx(everything);
    expect(writeOnnx(readOnnx(bytes))).toEqual(bytes);
  });

  it('lets go of the file: data is aligned and its own', () => {
    const bytes = writeOnnx(runnable);
    const model = readOnnx(bytes);
    bytes.fill(0);
    expect(model.graph.initializers[0]?.data).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});

describe('onnxruntime', () => {
  it('runs what we write', async () => {
    const session = await InferenceSession.create(writeOnnx(runnable), { intraOpNumThreads: 1 });
    const x = new Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [1, 1, 3, 3]);
    const { y } = await session.run({ x });
    // 1·1 + 2·2 + 3·4 + 4·5 = 37; 47; 67; 77, each minus 50.
    expect([...(y?.data ?? [])]).toEqual([0, 0, 17, 27]);
    await session.release();
  });
});

describe('fields as other writers put them', () => {
  /** A length-delimited field with a short tag. */
  const field = (number: number, content: readonly number[]): number[] => [
    number * 8 + 2,
    content.length,
    ...content,
  ];
  const graphWith = (tensor: readonly number[]): Uint8Array => Uint8Array.from(field(7, field(5, tensor)));
  const constant = (bytes: Uint8Array) => readOnnx(bytes).graph.initializers[0];

  it('reads typed lists, packed and one by one', () => {
    const floats = [0, 0, 128, 63, 0, 0, 0, 192]; // 1, −2
    expect(constant(graphWith([8, 2, 16, 1, ...field(4, floats)]))?.data).toEqual(Float32Array.of(1, -2));
    expect(constant(graphWith([8, 2, 16, 7, 56, 5, 56, 6]))?.data).toEqual(BigInt64Array.of(5n, 6n));
    const minusOne = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
    expect(constant(graphWith([8, 1, 16, 3, ...field(5, minusOne)]))?.data).toEqual(Int8Array.of(-1));
  });

  it('passes over fields that it does not know', () => {
    const unknown = [((99 * 8) % 128) | 128, (99 * 8) >> 7, 1];
    expect(readOnnx(Uint8Array.from([...unknown, ...writeOnnx(runnable)])).graph.nodes.length).toBe(2);
  });

  it('keeps "to the end" in integer attributes as the largest safe number', () => {
    // 2^63 − 1 and −2^63, as Slice's old `ends` have them.
    const varints = [...Array(8).fill(255), 127, ...Array(9).fill(128), 1, ...Array(9).fill(255), 1];
    const attribute = [10, 1, 97, 66, varints.length, ...varints, 160, 1, 7];
    const graph = field(1, field(5, attribute));
    expect(readOnnx(Uint8Array.from(field(7, graph))).graph.nodes[0]?.attributes.get('a')).toEqual({
      kind: 'ints',
      value: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1],
    });
  });

  it('refuses what would change the meaning if it were passed over', () => {
    const external = graphWith([8, 1, 16, 1, ...field(13, [])]);
    const strangeType = graphWith([8, 1, 16, 99]);
    const functions = Uint8Array.from([...writeOnnx(runnable), 0x80 | ((25 * 8 + 2) & 127), 1, 0]);
    for (const bytes of [external, strangeType, functions]) {
      expect(() => readOnnx(bytes)).toThrow(expect.objectContaining({ code: 'onnx/unsupported' }));
    }
  });
});

describe('damaged bytes', () => {
  const malformed = expect.objectContaining({ code: 'onnx/malformed' });

  it('are an error with its offset', () => {
    expect(() => readOnnx(new Uint8Array())).toThrow(malformed);
    expect(() => readOnnx(Uint8Array.of(7 * 8 + 2, 50, 0))).toThrow(/byte 2/);
    expect(() => readOnnx(new Uint8Array(12).fill(255))).toThrow(malformed);
  });

  it('never claim memory that the file does not have', () => {
    // A float tensor of 2^40 elements without data.
    const dims = [8, 128, 128, 128, 128, 128, 128, 128, 1, 16, 1];
    const bytes = Uint8Array.from([7 * 8 + 2, dims.length + 2, 5 * 8 + 2, dims.length, ...dims]);
    expect(() => readOnnx(bytes)).toThrow(malformed);
  });

  it('cut off anywhere are an error, or a shorter model that is whole', () => {
    const bytes = writeOnnx(everything);
    let failures = 0;
    for (let length = 0; length < bytes.length; length++) {
      try {
        readOnnx(bytes.subarray(0, length));
      } catch (thrown) {
        failures += 1;
        expect(hasCode(thrown, 'onnx/malformed')).toBe(true);
      }
    }
    expect(failures).toBeGreaterThan(bytes.length * 0.9);
  });

  it('changed at random never give anything but a model or a catalogued error', () => {
    const random = seededRandom(42);
    const original = writeOnnx(everything);
    let failures = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const bytes = original.slice();
      for (let change = 0; change <= random.int(4); change++) {
        bytes[random.int(bytes.length)] = random.next() < 0.5 ? random.int(256) : 255;
      }
      try {
        readOnnx(bytes);
      } catch (thrown) {
        failures += 1;
        if (!hasCode(thrown, 'onnx/malformed', 'onnx/unsupported')) throw thrown;
      }
    }
    expect(failures).toBeGreaterThan(100);
  });

  it('nested too deeply are refused before the stack ends', () => {
    let graph = modelGraph([]);
    for (let depth = 0; depth < 40; depth++) graph = modelGraph(graph);
    expect(() => readOnnx(Uint8Array.from([7 * 8 + 2, ...length(graph), ...graph]))).toThrow(/nest deeper/);
  });
});

const length = (bytes: readonly number[]): number[] => [(bytes.length & 127) | 128, bytes.length >> 7];
const wrapped = (number: number, bytes: readonly number[]): number[] => [
  number * 8 + 2,
  ...length(bytes),
  ...bytes,
];
/** A graph of one node with one attribute that is a graph. */
const modelGraph = (body: readonly number[]): number[] => wrapped(1, wrapped(5, wrapped(6, body)));

const models = path.resolve(import.meta.dirname, '../../../../shared/data/models');

describe.skipIf(!existsSync(models))('models of other exporters', () => {
  const files = existsSync(models) ? readdirSync(models).filter((name) => name.endsWith('.onnx')) : [];
  it.each(files)('%s computes the same after reading and writing', { timeout: 30_000 }, async (name) => {
    const original = readFileSync(path.join(models, name));
    const rewritten = writeOnnx(readOnnx(original));
    const results: (readonly number[])[][] = [];
    for (const bytes of [original, rewritten]) {
      const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
      const random = seededRandom(1);
      const feeds = Object.fromEntries(
        session.inputMetadata.map((input) => {
          const shape = input.isTensor
            ? input.shape.map((side) => (typeof side === 'number' ? side : 64))
            : [];
          const size = shape.reduce((product, side) => product * side, 1);
          return [input.name, new Tensor('float32', Float32Array.from({ length: size }, random.next), shape)];
        }),
      );
      const outputs = await session.run(feeds);
      results.push(session.outputNames.map((output) => Array.from(outputs[output]?.data ?? [], Number)));
      await session.release();
    }
    expect(results[1]).toEqual(results[0]);
  });
});
