import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromCache, type SourceFiles } from '../../../scripts/build-models/fetch.ts';
import { builtInModels } from '../../../scripts/build-models/models.ts';
import {
  expoFaceDetection,
  faceplugin,
  mediapipeDetection,
  mediapipeMesh,
  type Source,
} from '../../../scripts/build-models/sources.ts';
import { readTflite } from '../../../scripts/build-models/tflite/model.ts';
import type { OnnxModel } from '../../../src/core/onnx/types.ts';
import { permuted, randomValue, relativeError, runOnnx } from '../../support/tflite-compare.ts';
import { interpretTflite, need, type Value } from '../../support/tflite-interpreter.ts';

/** onnxruntime computes in single precision, the interpreter in double: relative to the output's largest value. */
const tolerance = 1e-5;

const cache = path.resolve(import.meta.dirname, '../../../node_modules/.cache/lineament-models');
const sourceFolder = (source: Source): string =>
  path.join(cache, `${source.package.replace('/', '+')}-${source.version}`);
const have = (source: Source): boolean => existsSync(sourceFolder(source));
const filesOf = async (source: Source): Promise<SourceFiles> =>
  need(await fromCache(source, sourceFolder(source)));

interface Case {
  readonly network: string;
  readonly source: Source;
  readonly file: string;
  readonly range?: readonly [number, number];
  /** [batch, height, width, channels] as the ONNX graph has them; the batch tells whether it is free. */
  readonly input: readonly number[];
  readonly swapped?: boolean;
  /** Factor of the first output. */
  readonly scale?: number;
}

const cases: readonly Case[] = [
  {
    network: 'mtcnn-p.onnx',
    source: expoFaceDetection,
    file: 'pnet.tflite',
    input: [2, 23, 30, 3],
    swapped: true,
  },
  {
    network: 'mtcnn-p.onnx',
    source: expoFaceDetection,
    file: 'pnet.tflite',
    input: [1, 12, 12, 3],
    swapped: true,
  },
  {
    network: 'mtcnn-r.onnx',
    source: expoFaceDetection,
    file: 'rnet.tflite',
    input: [3, 24, 24, 3],
    swapped: true,
  },
  {
    network: 'mtcnn-o.onnx',
    source: expoFaceDetection,
    file: 'onet.tflite',
    input: [2, 48, 48, 3],
    swapped: true,
  },
  {
    network: 'mobilefacenet-192.onnx',
    source: expoFaceDetection,
    file: 'MobileFaceNet.tflite',
    input: [1, 112, 112, 3],
  },
  {
    network: 'facemesh-468.onnx',
    source: mediapipeMesh,
    file: 'assets.data',
    range: [2_495_952, 3_737_848],
    input: [1, 192, 192, 3],
    scale: 1 / 192,
  },
  {
    network: 'blazeface-full.onnx',
    source: mediapipeDetection,
    file: 'full-range.tflite',
    input: [1, 192, 192, 3],
  },
];

/** The network as the build script makes it. */
async function built(network: string, source: Source): Promise<OnnxModel> {
  const model = need(builtInModels.find(({ networks }) => network in networks));
  return need(model.networks[network])(await filesOf(source));
}

describe('built-in models compute what their TFLite files do', () => {
  for (const c of cases) {
    it.skipIf(!have(c.source))(`${c.network} on [${c.input}]`, { timeout: 60_000 }, async () => {
      const bytes = need((await filesOf(c.source)).get(c.file));
      const tflite = readTflite(c.range ? bytes.subarray(...c.range) : bytes, c.file);
      const picture = randomValue(c.input, 11);
      const found = await runOnnx(await built(c.network, c.source), [permuted(picture, [0, 3, 1, 2])]);
      const expected = interpretTflite(tflite, [c.swapped ? permuted(picture, [0, 2, 1, 3]) : picture]);
      expect(found.length).toBe(expected.length);
      expected.forEach((value, i) => {
        const scale = i === 0 ? (c.scale ?? 1) : 1;
        const scaled = { shape: value.shape, data: value.data.map((v) => v * scale) };
        const turned = planar(scaled, c.swapped ?? false, need(found[i]));
        expect(relativeError(need(found[i]), turned)).toBeLessThan(tolerance);
      });
    });
  }
});

describe.skipIf(!have(faceplugin))('built-in models compute what their ONNX files do', () => {
  const pairs = [
    { network: 'faceplugin-512.onnx', file: 'fr_feature.onnx', input: [1, 3, 112, 112] },
    { network: 'landmarks-68.onnx', file: 'fr_landmark.onnx', input: [1, 1, 64, 64] },
  ];
  it.each(pairs)('$network, two pictures at once', async ({ network, file, input }) => {
    const original = need((await filesOf(faceplugin)).get(file));
    const pictures = [randomValue(input, 5), randomValue(input, 6)];
    const both = { shape: [2, ...input.slice(1)], data: joined(pictures) };
    const [found] = await runOnnx(await built(network, faceplugin), [both]);
    const expected: Value[] = [];
    for (const picture of pictures) expected.push(need((await runOnnx(original, [picture]))[0]));
    const width = need(expected[0]).shape[1] ?? 0;
    expect(relativeError(need(found), { shape: [2, width], data: joined(expected) })).toBeLessThan(tolerance);
  });
});

function joined(values: readonly Value[]): Float64Array {
  return Float64Array.from(values.flatMap(({ data }) => [...data]));
}

/** What TFLite gave, in the order and rank in which the ONNX graph gives it. */
function planar(value: Value, swapped: boolean, like: Value): Value {
  if (value.shape.length !== 4) return value;
  const turned = permuted(value, swapped ? [0, 3, 2, 1] : [0, 3, 1, 2]);
  return like.shape.length === 2 ? { shape: turned.shape.slice(0, 2), data: turned.data } : turned;
}
