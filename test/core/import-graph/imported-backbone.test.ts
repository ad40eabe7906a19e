import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { buildNormalised } from '../../../src/core/compile/1-build.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { type ImportFacts, importedBackbone } from '../../../src/core/import-graph/imported-backbone.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { int, ints, node } from '../../../src/core/onnx/build.ts';
import { readOnnx } from '../../../src/core/onnx/read.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../../../src/core/onnx/types.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { reduceSumSquare } from '../../../src/core/ops/reduce-sum-square.ts';
import { initialise } from '../../../src/core/training/initialise.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { uniform } from '../../support/reference/formula.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';
import { randomTrained } from '../../support/reference/trained.ts';
import { drawn, last, type ModelOptions, modelOf, whole } from './models.ts';

const plain = { colour: 'rgb', layout: 'nchw', scale: 1, mean: [127.5], std: [127.5], size: null } as const;
const facts: ImportFacts = { name: 'onnx:test', title: 'Test', input: plain };

const feedsOf = (net: ReturnType<typeof openNet>): Record<string, ArrayLike<number>> => ({
  ...Object.fromEntries([...net.parameters, ...net.running].map((one) => [one.name, initialise(one, 0)])),
});

async function inFile(model: OnnxModel, shape: readonly number[], data: Float32Array): Promise<Float32Array> {
  const session = await openSession({ name: 'file', bytes: writeOnnx(model) }, { threads: 1 });
  try {
    const [name = ''] = session.inputs.map((one) => one.name);
    const [output] = Object.values(await session.run({ [name]: { shape, data } }));
    return Float32Array.from(output?.data as Float32Array);
  } finally {
    await session.close();
  }
}

function apart(got: ArrayLike<number> | undefined, wanted: ArrayLike<number>): number {
  const largest = Math.max(...Array.from(wanted, Math.abs));
  return Math.max(...Array.from(wanted, (value, i) => Math.abs((got?.[i] ?? Number.NaN) - value))) / largest;
}

const path = '../shared/data/models/mobilefacenet_128.onnx';

describe.skipIf(!existsSync(path))('a network that somebody else trained', () => {
  it('gives the file’s embeddings of several pictures, though the file takes one', async () => {
    const model = readOnnx(readFileSync(path));
    const imagenet = { ...plain, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };
    const backbone = importedBackbone(model, { ...facts, input: imagenet });
    expect(backbone.fixed).toEqual({
      size: 112,
      embedding: 128,
      pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
    });
    const shape = [3, 3, 112, 112];
    const plane = 112 * 112;
    const pixels = uniform('pixels', count(shape)).map((x) => Math.round(127.5 + 127.5 * x));
    const net = openNet(false);
    const y = backbone.build(net, input('x', shape), backbone.defaults);
    const x = pixels.map((pixel) => (pixel - 127.5) / 127.5);
    const [got] = await runInOnnxruntime([y], { ...feedsOf(net), x });
    for (const i of [0, 1, 2]) {
      const own = Float32Array.from({ length: 3 * plane }, (_, at) => {
        const c = Math.floor(at / plane);
        return ((pixels[i * 3 * plane + at] ?? 0) - (imagenet.mean[c] ?? 0)) / (imagenet.std[c] ?? 1);
      });
      const wanted = await inFile(model, [1, 3, 112, 112], own);
      expect(apart(got?.slice(i * 128, (i + 1) * 128), wanted)).toBeLessThan(1e-4);
    }
  });
});

describe('an export of ours', () => {
  const settings = { ...mobilefacenet.defaults, embedding: 16 };
  const plan = {
    backbone: mobilefacenet,
    settings,
    size: 32,
    pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
  } as const;
  const model = compileExport(plan, randomTrained(buildNormalised(plan, 2).net), { recipe: '', version: '' });
  const backbone = importedBackbone(readOnnx(writeOnnx(model)), facts);
  const shape = [2, 3, 32, 32];
  const x = Float32Array.from(uniform('x', count(shape)));

  it('is read back with the same embeddings, and learns', async () => {
    const net = openNet(true);
    const y = backbone.build(net, input('x', shape), backbone.defaults);
    expect(backbone.fixed?.embedding).toBe(16);
    // normalisation is folded into the weights: every layer has a weight and a bias, and every PReLU its slopes
    const roles = Map.groupBy(net.parameters, ({ name }) => name.replace(/^.*\./, ''));
    expect(roles.get('weight')?.length).toBe(roles.get('bias')?.length);
    expect(roles.get('weight')?.length).toBe(50);
    expect(roles.get('slope')?.length).toBe(33);
    const gradients = differentiate(
      reduceSumSquare(y),
      net.parameters.map(({ value }): Value => value),
    );
    const [got, ...derivatives] = await runInOnnxruntime([y, ...gradients], { ...feedsOf(net), x });
    expect(apart(got, await inFile(model, shape, x))).toBeLessThan(1e-5);
    derivatives.forEach((data, i) => {
      const size = Math.hypot(...data);
      expect(Number.isFinite(size) && size > 0, net.parameters[i]?.name).toBe(true);
    });
  });
});

describe('a file with normalisation', () => {
  const statistics = ['scale', 'shift', 'mean', 'variance'];
  const model = modelOf(
    [
      node('Conv', ['x', 'w'], ['y'], { strides: ints([2, 2]) }),
      node('BatchNormalization', ['y', ...statistics], ['z']),
      node('Flatten', ['z'], ['f']),
      last('Gemm', ['f', 'g'], { transB: int(1) }),
    ],
    [drawn('w', [4, 3, 2, 2]), ...statistics.map((name) => drawn(name, [4], 0.5)), drawn('g', [6, 64])],
    { input: ['n', 3, 8, 8] },
  );

  it('trains by the batch, and its running statistics move on from the file’s', async () => {
    const backbone = importedBackbone(model, facts);
    const net = openNet(true);
    backbone.build(net, input('x', [4, 3, 8, 8]), backbone.defaults);
    const [mean] = net.running;
    if (!mean?.next) throw new Error('no running mean');
    const x = uniform('x', 4 * 3 * 8 * 8);
    const [next] = await runInOnnxruntime([mean.next], { ...feedsOf(net), x });
    const first = initialise(mean, 0);
    expect(first).toHaveLength(4);
    expect(apart(next, first)).toBeGreaterThan(1e-3);
    expect(
      apart(
        next,
        first.map((value) => 0.9 * value),
      ),
    ).toBeLessThan(0.2);
  });
});

describe('a file is refused that', () => {
  const conv = node('Conv', ['x', 'w'], ['y']);
  const w = drawn('w', [4, 3, 3, 3]);
  it.each<[string, readonly OnnxNode[], readonly OnnxTensor[], RegExp, ModelOptions?]>([
    [
      'has operators that are not known, which are named all',
      [conv, node('NonZero', ['y'], ['i']), node('NonZero', ['i'], ['j']), last('Loop', ['j'])],
      [w],
      /NonZero \(NonZero:i and 1 more\), Loop \(Loop:out\)/,
    ],
    [
      'has a form of one that is not known',
      [conv, last('Pad', ['y', 'by'], { mode: { kind: 'string', value: 'reflect' } })],
      [w, whole('by', 0, 0, 1, 1, 0, 0, 1, 1)],
      /Pad \(Pad:out\) cannot be trained: its mode is reflect/,
    ],
    [
      'has sides that do not fit',
      [node('Flatten', ['x'], ['f']), last('Gemm', ['f', 'g'])],
      [drawn('g', [7, 5])],
      /Gemm \(Gemm:out\) cannot be trained: \[2,192\] × \[7,5\]/,
    ],
    [
      'computes a shape from its pictures',
      [node('ReduceMax', ['x', 'axes'], ['m']), last('Reshape', ['x', 'm'])],
      [whole('axes', 1)],
      /the shape must be known/,
    ],
    ['has no weights', [node('GlobalAveragePool', ['x'], ['g']), last('Flatten', ['g'])], [], /no weights/],
    [
      'mixes its pictures',
      [conv, last('Transpose', ['y'], { perm: ints([1, 0, 2, 3]) })],
      [w],
      /\[4, 2, 6, 6\]/,
    ],
    [
      'takes no pictures',
      [last('Gemm', ['x', 'g'])],
      [drawn('g', [8, 5])],
      /takes x \[n,8\]/,
      { input: ['n', 8] },
    ],
    ['has pictures that are not square', [conv], [w], /8×6/, { input: ['n', 3, 8, 6], outputs: ['y'] }],
    ['has grey pictures', [conv], [w], /1 channels/, { input: ['n', 1, 8, 8], outputs: ['y'] }],
    [
      'does not use its pictures',
      [last('Identity', ['g'])],
      [drawn('g', [8, 5])],
      /does not depend on the pictures/,
    ],
  ])('%s', (_, nodes, initializers, message, options) => {
    expect(() =>
      importedBackbone(modelOf(nodes, initializers, { input: ['n', 3, 8, 8], ...options }), facts),
    ).toThrow(message);
  });
});
