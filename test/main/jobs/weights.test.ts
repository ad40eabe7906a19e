import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { readOnnx } from '../../../src/core/onnx/read.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';
import { type WeightsReport, wantedOf } from '../../../src/core/weights/match.ts';
import { readWeightsJob, writeWeightsJob } from '../../../src/main/jobs/weights.ts';
import { writeCheckpoint } from '../../../src/main/training/checkpoint.ts';
import { readWeights } from '../../../src/main/training/weights.ts';
import { uniform } from '../../support/reference/formula.ts';
import { smallRecipe } from '../../support/training-run.ts';

const recipe = smallRecipe();
const network = planOf(recipe, 2);
const context = (signal = new AbortController().signal) => ({ signal, progress: () => {}, log: () => {} });
/** Variances are above 0, and all else of ordinary size. */
const tensors = new Map(
  wantedOf(network).map(({ name, shape }) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const scale = shape.length > 1 ? (3 / (length / (shape[0] ?? 1))) ** 0.5 : 0.1;
    const middle = /(variance|gamma)$/.test(name) ? 1 : 0;
    return [name, Float32Array.from(uniform(name, length), (x) => middle + scale * x)] as const;
  }),
);

let root: string;
let checkpoint: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-weights-'));
  const facts = {
    ...{ step: 21, epoch: 3, recipe, seconds: 1, best: null, mark: null, sinceBest: 0, validated: null },
    provider: 'cpu',
  };
  const live = wantedOf(network).map(({ name, shape }) => {
    const data = tensors.get(name) ?? new Float32Array();
    const kind = /\.(mean|variance)$/.test(name) ? ('running' as const) : ('parameter' as const);
    return { name, kind, shape, length: data.length, data: () => data };
  });
  const head = { name: 'classes.weight', kind: 'parameter', shape: [2, 16], length: 32 } as const;
  const { file } = await writeCheckpoint(root, facts, [
    ...live,
    { ...head, data: () => new Float32Array(32) },
  ]);
  checkpoint = join(root, file);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a checkpoint of a run', () => {
  it('is written for PyTorch and becomes an ONNX network again', async () => {
    const path = join(root, 'run.pth');
    const summary = await writeWeightsJob({ recipe, checkpoint, path, layout: 'facex' }, {}, context());
    expect(summary['bytes']).toBe((await readFile(path)).length);
    const read = await readWeights(path, network);
    expect(read.report).toMatchObject({
      matched: tensors.size,
      unused: [],
      facts: { epoch: 3, batch_id: 21 },
    });
    const reports: WeightsReport[] = [];
    const host = { fitted: async (report: WeightsReport) => void reports.push(report) };
    const out = join(root, 'run.onnx');
    const setup = { path, backbone: null, size: 32, pixels: null, threads: 1 };
    const made = await readWeightsJob({ ...setup, out }, host, context());
    expect(made['parity']).toBeLessThan(1e-4);
    expect(made['bytes']).toBe((await readFile(out)).length);
    expect(await readWeightsJob({ ...setup, out: null }, host, context())).toEqual({});
    expect(reports).toHaveLength(2);
    expect(reports[0]).toEqual(reports[1]);
    const { metadata } = readOnnx(await readFile(out));
    // FaceX-Zoo's pixels; nothing is known of a recipe
    expect(Object.fromEntries(metadata)).toMatchObject({
      colour_order: 'bgr',
      deviation: '128',
      embedding_size: '16',
    });
    expect([...metadata.keys()]).not.toContain('recipe');
  }, 120_000);

  it('of another network is refused', async () => {
    const other = { ...recipe, network: { ...recipe.network, embedding: 32 } };
    const setup = { recipe: other, checkpoint, path: join(root, 'x.pth'), layout: 'evolve' } as const;
    await expect(writeWeightsJob(setup, {}, context())).rejects.toMatchObject({
      code: 'training/other-recipe',
      values: { paths: 'network.embedding' },
    });
    expect(existsSync(setup.path)).toBe(false);
  });

  it('whose reading is cancelled makes nothing', async () => {
    const path = join(root, 'cancelled.pth');
    await writeWeightsJob({ recipe, checkpoint, path, layout: 'lineament' }, {}, context());
    const out = join(root, 'cancelled.onnx');
    const setup = { path, out, backbone: 'mobilefacenet', size: 32, pixels: null, threads: 1 };
    const stopped = readWeightsJob(setup, { fitted: async () => {} }, context(AbortSignal.abort()));
    await expect(stopped).rejects.toThrow(Cancelled);
    expect(existsSync(out)).toBe(false);
  });
});
