import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { readOnnx } from '../../../src/core/onnx/read.ts';
import { noCrops } from '../../../src/main/app/training-data.ts';
import { exportJob } from '../../../src/main/jobs/export.ts';
import { trainJob } from '../../../src/main/jobs/train.ts';
import type { ExportSetup, TrainSetup } from '../../../src/main/jobs/train-protocol.ts';
import { trialJob } from '../../../src/main/jobs/trial.ts';
import { readCheckpoint, writeCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import { columnOf, nothingTold, recordingHost, setupOf, smallRecipe } from '../../support/training-run.ts';

const recipe = smallRecipe({
  ...{ epochs: 3 / 7 },
  network: {
    ...{ backbone: 'mobilefacenet', size: 32, embedding: 16 },
    pixels: { mean: 120, deviation: 64, order: 'bgr' },
  },
});
const context = (signal = new AbortController().signal) => ({ signal, progress: () => {}, log: () => {} });

let root: string;
let crops: CropTable;
let trained: TrainSetup;
let setup: ExportSetup;
const told = nothingTold();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-export-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
  trained = await setupOf(root, 'run', recipe, crops);
  await trainJob(trained, recordingHost(told), context());
  const checkpoint = join(trained.checkpointsDir, 'step-000000003.checkpoint');
  const { packsDir } = trained;
  setup = { recipe, checkpoint, path: join(root, 'face.onnx'), crops, packsDir, threads: 1 };
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe('an export', () => {
  it('writes a network that gives the same embeddings, with what it needs to be used', async () => {
    const summary = await exportJob(setup, {}, context());
    const bytes = await readFile(setup.path);
    expect(summary['bytes']).toBe(bytes.length);
    expect(summary['parity']).toBeGreaterThan(0); // it is another graph: something must differ in the last bits
    expect(summary['parity']).toBeLessThanOrEqual(1e-4);
    const { metadata, graph } = readOnnx(bytes);
    expect(metadata.get('colour_order')).toBe('bgr');
    expect(JSON.parse(metadata.get('recipe') ?? '')).toEqual(recipe);
    expect(graph.inputs[0]?.shape).toEqual(['batch', 3, 32, 32]);
    expect(await readdir(root)).not.toContain('face.onnx.part');
  }, 120_000);

  it('tells nobody where a sampler lies', async () => {
    const sampler = { kind: 'module', file: '/home/somebody/secret/mine.js' } as const;
    const own = { ...recipe, data: { ...recipe.data, sampler } };
    const path = join(root, 'sampled.onnx');
    await exportJob({ ...setup, recipe: own, path, crops: noCrops }, {}, context());
    const told = readOnnx(await readFile(path)).metadata.get('recipe') ?? '';
    expect(told).not.toContain('somebody');
    expect(JSON.parse(told).data.sampler).toEqual({ kind: 'module', file: 'mine.js' });
  }, 120_000);

  it('compares on noise where there are no crops', async () => {
    const summary = await exportJob({ ...setup, crops: noCrops }, {}, context());
    expect(summary['parity']).toBeLessThanOrEqual(1e-4);
  }, 120_000);

  it('of a network whose numbers are none is refused, and leaves what was there', async () => {
    const path = join(root, 'kept.onnx');
    await writeFile(path, 'before');
    const { header, state } = await readCheckpoint(setup.checkpoint);
    state.tensors.get('head.linear.weight')?.fill(Number.NaN);
    const tensors = header.tensors.map((tensor) => ({
      ...tensor,
      data: () => state.tensors.get(tensor.name) ?? new Float32Array(),
    }));
    const { file } = await writeCheckpoint(root, header, tensors);
    const broken = { ...setup, path, checkpoint: join(root, file) };
    await expect(exportJob(broken, {}, context())).rejects.toMatchObject({ code: 'training/export-differs' });
    expect(await readFile(path, 'utf8')).toBe('before');
  }, 120_000);

  it('refuses another network’s recipe, and a place that cannot be written', async () => {
    const network = { ...recipe.network, size: 48 };
    await expect(
      exportJob({ ...setup, recipe: { ...recipe, network } }, {}, context()),
    ).rejects.toMatchObject({
      code: 'training/other-recipe',
      values: { paths: 'network.size' },
    });
    const path = join(root, 'nowhere', 'face.onnx');
    await expect(exportJob({ ...setup, path }, {}, context())).rejects.toMatchObject({
      code: 'file/cannot-write',
      values: { path },
    });
  }, 120_000);

  it('that is cancelled writes nothing', async () => {
    const path = join(root, 'cancelled.onnx');
    await expect(exportJob({ ...setup, path }, {}, context(AbortSignal.abort()))).rejects.toThrow(Cancelled);
    expect(existsSync(path)).toBe(false);
  }, 120_000);
});

describe('a trial', () => {
  it('takes the run’s first steps, and leaves nothing', async () => {
    const own = await setupOf(root, 'trial', recipe, crops);
    const steps: number[] = [];
    const summary = await trialJob(
      { ...own, trialSteps: 2 },
      {},
      {
        ...context(),
        progress: (done) => void steps.push(done),
      },
    );
    expect(Math.fround(summary['firstLoss'] ?? 0)).toBe(columnOf(told, 'loss')[0]);
    for (const figure of ['compileMs', 'msPerStep', 'memory']) expect(summary[figure]).toBeGreaterThan(0);
    expect(summary['waitMs']).toBeLessThan(summary['msPerStep'] ?? 0);
    expect(steps).toEqual([0, 1, 2]);
    expect(await readdir(own.checkpointsDir)).toEqual([]);
  }, 120_000);

  it('stops when it is told to', async () => {
    const own = await setupOf(root, 'trial', recipe, crops);
    const stopped = trialJob({ ...own, trialSteps: 2 }, {}, context(AbortSignal.abort()));
    await expect(stopped).rejects.toThrow(Cancelled);
  }, 120_000);
});
