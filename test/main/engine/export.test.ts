import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { backbones } from '../../../src/core/backbones/index.ts';
import { buildEmbedding, type NetworkPlan } from '../../../src/core/compile/1-build.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { compileInference } from '../../../src/core/compile/inference.ts';
import type { OnnxModel } from '../../../src/core/onnx/types.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import type { Tensor } from '../../../src/main/engine/tensor.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { tiny, tinyApart } from '../../support/reference/tiny.ts';
import { randomTrained } from '../../support/reference/trained.ts';

const origin = { recipe: '{"format":1}', version: 'abcdef' };

function planOf(backbone: Backbone, size: number): NetworkPlan {
  const pixels = { mean: 120, deviation: 100, order: 'bgr' } as const;
  return { backbone, settings: { ...backbone.defaults, embedding: 32 }, size, pixels };
}

async function embed(model: OnnxModel, feeds: Readonly<Record<string, Tensor>>): Promise<Float32Array> {
  const session = await openSession({ name: model.graph.name, bytes: writeOnnx(model) }, { threads: 1 });
  try {
    return Float32Array.from((await session.run(feeds)).embedding?.data as Float32Array);
  } finally {
    await session.close();
  }
}

/** [n, size, size, 3] of bytes → [n, 3, size, size], by the plan's pixels. */
function normalised({ size, pixels }: NetworkPlan, images: Uint8Array): Float32Array {
  const plane = size * size;
  return Float32Array.from({ length: images.length }, (_, at) => {
    const [n, colour, place] = [Math.floor(at / plane / 3), Math.floor(at / plane) % 3, at % plane];
    const channel = pixels.order === 'bgr' ? 2 - colour : colour;
    return ((images[(n * plane + place) * 3 + channel] ?? 0) - pixels.mean) / pixels.deviation;
  });
}

/** Largest distance, as a part of the largest number. */
function apart(got: Float32Array, wanted: Float32Array): number {
  expect(got).toHaveLength(wanted.length);
  const most = wanted.reduce((a, x) => Math.max(a, Math.abs(x)), 0);
  return got.reduce((a, x, i) => Math.max(a, Math.abs(x - (wanted[i] ?? Number.NaN))), 0) / most;
}

const count = (model: OnnxModel, op: string): number =>
  model.graph.nodes.filter((node) => node.op === op).length;

/** Other families are exported where they are held against PyTorch (test/core/backbones). */
const simple = backbones.filter(({ name }) => ['mobilefacenet', 'ir-18'].includes(name));

describe.each([...simple, tiny, tinyApart])('$title, exported', (backbone) => {
  const plan = planOf(backbone, backbone.input === 112 ? 32 : 14);
  const { net, maps } = buildEmbedding(plan, 2);
  const trained = randomTrained(net);
  const model = compileExport(plan, trained, origin);
  const { size } = plan;

  it.each([1, 3])('gives the same embeddings as before, %d at a time', async (n) => {
    const images = formulaBatch(0, n, 14 * Math.ceil(size / 14), 5).images.slice(0, n * size * size * 3);
    const shape = [n, size, size, 3];
    const before = await embed(compileInference(plan, trained), { images: { shape, data: images } });
    const input = { shape: [n, 3, size, size], data: normalised(plan, images) };
    expect(apart(await embed(model, { input }), before)).toBeLessThan(1e-4);
    const inputs = [...net.parameters, ...net.running].map(
      ({ name, shape: its }) =>
        [name, { shape: its, data: trained.get(name) ?? new Float32Array() }] as const,
    );
    const feeds = { images: { shape, data: images }, ...Object.fromEntries(inputs) };
    expect(apart(await embed(compileInference(plan, null), feeds), before)).toBeLessThan(1e-4);
  });

  it('takes any batch, by ONNX’s own operators', () => {
    expect([...model.opsets]).toEqual([['', 17]]);
    expect(model.graph.inputs).toEqual([{ name: 'input', type: 'float32', shape: ['batch', 3, size, size] }]);
    expect(model.graph.outputs).toEqual([{ name: 'embedding', type: 'float32', shape: ['batch', 32] }]);
  });

  it('has no normalisation left but before a padded convolution', () => {
    const before = net.parameters.filter(({ name }) => /^stage.*\.bn1\.gamma$/.test(name)).length;
    expect(count(model, 'BatchNormalization')).toBe(backbone.name.startsWith('ir-') ? before : 0);
    const layers = net.parameters.filter(({ name }) => name.endsWith('.weight')).length;
    expect(count(model, 'Conv') + count(model, 'Gemm')).toBe(layers);
  });

  it('says how it is used, and where it comes from', () => {
    expect(Object.fromEntries(model.metadata)).toEqual({
      task: 'embedding',
      backbone: backbone.name,
      input_size: String(size),
      colour_order: 'bgr',
      mean: '120',
      deviation: '100',
      alignment_template: 'arcface-112',
      embedding_size: '32',
      maps: maps.map(({ name }) => name).join(),
      recipe: origin.recipe,
      dataset_version: origin.version,
    });
    expect(model.producer).toBe('Lineament');
    const computed = new Set(model.graph.nodes.flatMap(({ outputs }) => outputs));
    for (const { name } of maps) expect(computed).toContain(name);
  });
});

it('is not exported without all its numbers', () => {
  const plan = planOf(tiny, 14);
  const trained = new Map(randomTrained(buildEmbedding(plan, 2).net));
  trained.delete('a.mean');
  expect(() => compileExport(plan, trained, origin)).toThrow(/a\.mean/);
});
