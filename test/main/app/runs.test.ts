import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Run, RunDetail } from '../../../src/core/contract/runs.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { decodeCrop } from '../../../src/main/images/encode.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { type Prepared, prepareVersion, tinyRecipe } from '../../support/trained.ts';

const cli = fileURLToPath(new URL('../../../src/main/hosts/cli/entry.ts', import.meta.url));
const linux = process.platform === 'linux';
const epochs = 10;
const steps = 20;
/** Columns that do not tell the time. */
const exact = metricColumns.slice(0, metricColumns.indexOf('stepMs'));

let prepared: Prepared;
let test: TestApp;
const opened: TestApp[] = [];
const children: ChildProcess[] = [];

/** The application on a copy of what was prepared. */
async function openCopy(name: string): Promise<{ dataDir: string; test: TestApp }> {
  const dataDir = join(prepared.root, name);
  cpSync(prepared.dataDir, dataDir, { recursive: true });
  const copy = await openTestApp(dataDir);
  opened.push(copy);
  return { dataDir, test: copy };
}

const recipe = (more: Partial<RecipeInput> = {}): RecipeInput =>
  tinyRecipe(prepared.version.hash, epochs, more);
const start = (app: TestApp, name: string, more: Partial<RecipeInput> = {}): Promise<Run> =>
  app.client.call('runs.start', { recipe: recipe(more), name });
const get = (app: TestApp, run: number): Promise<RunDetail> => app.client.call('runs.get', { run });

/** Waits until a run is as it should be. */
async function until(app: TestApp, run: number, is: (run: Run) => boolean): Promise<RunDetail> {
  for (let i = 0; i < 25_000; i++) {
    const found = await get(app, run);
    if (is(found)) return found;
    await delay(10);
  }
  throw new Error(`never so: ${JSON.stringify(await get(app, run))}`);
}
const ended = (app: TestApp, run: number): Promise<RunDetail> =>
  until(app, run, ({ state }) => state !== 'queued' && state !== 'running');

/** What was recorded of every step, but for the time that it took. */
function recorded(dataDir: string, run: number): Float32Array {
  const file = readFileSync(join(dataDir, 'runs', String(run), 'metrics.f32'));
  const rows = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  return rows.filter((_, i) => i % metricColumns.length < exact.length);
}

describe.skipIf(!haveModels)('a run', () => {
  let reference: RunDetail;
  let losses: Float32Array;

  beforeAll(async () => {
    prepared = await prepareVersion();
    test = await openTestApp(prepared.dataDir);
    reference = await ended(test, (await start(test, 'Reference')).id);
    losses = recorded(prepared.dataDir, reference.id);
    await test.close();
    test = await openTestApp(prepared.dataDir);
  }, 300_000);
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const copy of opened.splice(0)) await copy.close();
  });
  afterAll(async () => {
    await test?.close();
    await prepared?.remove();
  });

  it('is trained to its end, and all that it told is there after a new start', async () => {
    expect(reference.error).toBeNull();
    expect(reference).toMatchObject({
      ...{ state: 'done', reason: 'finished', step: steps, steps, stepsPerEpoch: 2, provider: 'cpu' },
      ...{ backbone: 'mobilefacenet', head: 'arcface', imagesPerSecond: null, parent: null },
    });
    const run = await get(test, reference.id);
    expect(run).toEqual(reference);
    expect(losses).toHaveLength(steps * exact.length);
    expect(losses.every(Number.isFinite)).toBe(true);
    const evaluations = await test.client.call('runs.evaluations', { run: run.id });
    expect(evaluations.map(({ step, set }) => [step, set])).toEqual(
      [0, 8, 16, 20].map((step) => [step, 'held-out']),
    );
    const trained = evaluations.filter(({ step }) => step > 0);
    const best = Math.max(...trained.map(({ accuracy }) => accuracy));
    expect(run.best).toEqual({ accuracy: best, step: trained.find((e) => e.accuracy === best)?.step });
    expect(run.checkpoints.map(({ last }) => last).indexOf(true)).toBe(run.checkpoints.length - 1);
    expect(run.checkpoints.find((checkpoint) => checkpoint.best)?.step).toBe(run.best?.step);
    expect(readdirSync(join(run.folder, 'checkpoints'))).toHaveLength(run.checkpoints.length);
    const [snapshot] = await test.client.call('runs.snapshots', { run: run.id });
    expect(snapshot?.target.counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    const { steps: at, columns } = await test.client.call('runs.series', { run: run.id, columns: ['loss'] });
    expect(at).toHaveLength(steps);
    expect(columns.loss?.mean).toEqual([...losses.filter((_, i) => i % exact.length === 0)]);
    const [version] = await test.client.call('versions.list', {});
    expect(version?.runs).toBe(1);
  });

  it('records what its head tells, and knows it after a new start', async () => {
    const { dataDir, test: copy } = await openCopy('adacos');
    const more = { head: { kind: 'adacos' }, epochs: 2 } as const;
    const { id, error } = await ended(copy, (await start(copy, 'AdaCos', more)).id);
    expect(error).toBeNull();
    const before = await copy.client.call('runs.series', { run: id });
    expect(Object.keys(before.columns)).toEqual([...metricColumns, 'scale', 'medianCosine']);
    for (const { mean } of Object.values(before.columns)) expect(mean.every(Number.isFinite)).toBe(true);
    expect(before.columns['scale']?.mean).toHaveLength(4);
    await copy.close();
    opened.splice(opened.indexOf(copy), 1);
    const again = await openTestApp(dataDir);
    opened.push(again);
    expect(await again.client.call('runs.series', { run: id })).toEqual(before);
  });

  it('shows its batches as the network saw them', async () => {
    const { items, step } = await test.client.call('runs.batch', { run: reference.id, step: 3 });
    expect([step, items.length]).toEqual([3, 4]);
    for (const { crop, identity } of items) {
      expect(crop).toMatch(/^[0-9a-f]{64}$/);
      expect(identity).toMatch(/^(Ada|Bram|Carla|Dmitri|Edda) /);
    }
    expect((await test.client.call('runs.batch', { run: reference.id })).step).toBe(steps);
    await expect(test.client.call('runs.batch', { run: reference.id, step: 21 })).rejects.toMatchObject({
      code: 'run/no-batch',
    });
    const picture = await test.get(`/media/batch/${reference.id}/3/1.png`);
    expect(picture).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    expect(await decodeCrop(picture.body, 'it')).toMatchObject({ width: 32, height: 32 });
    expect((await test.get(`/media/batch/${reference.id}/3/4.png`)).status).toBe(404);
    expect((await test.get(`/media/batch/${reference.id}/0/0.png`)).status).toBe(404);
    expect((await test.get(`/media/batch/${reference.id}/x/0.png`)).status).toBe(404);
    expect((await test.get('/media/batch/99/1/0.png')).status).toBe(404);
  });

  it('that is paused and continued comes to the same numbers, bit for bit; its network can be used', async () => {
    const { test: app, dataDir } = await openCopy('paused');
    const told: number[] = [];
    app.client.on('run.points', ({ first, rows }) => {
      for (const i of rows.keys()) told.push(first + i);
    });
    const { id } = await start(app, 'Paused');
    const running = await until(app, id, ({ step }) => step >= 3);
    expect(running).toMatchObject({ state: 'running', reason: null });
    expect(running.loss).toBeGreaterThan(0);
    expect(running.imagesPerSecond).toBeGreaterThan(0);
    expect(running.memory).toBeGreaterThan(1e7);
    await app.client.call('runs.pause', { run: id });
    const paused = await ended(app, id);
    expect(paused).toMatchObject({
      state: 'paused',
      reason: 'paused',
      error: null,
      job: { state: 'paused' },
    });
    expect(paused.step).toBeLessThan(steps);
    expect(paused.checkpoints.at(-1)?.step).toBe(paused.step);
    expect((await app.client.call('runs.continue', { run: id })).state).toBe('queued');
    expect(await ended(app, id)).toMatchObject({ state: 'done', reason: 'finished', step: steps });
    expect(recorded(dataDir, id)).toEqual(losses);
    expect(told).toEqual(Array.from({ length: steps }, (_, i) => i + 1));

    const out = join(dataDir, 'out', 'network.onnx');
    const written = await app.client.call('runs.export', { run: id, path: out, install: false });
    expect(written).toMatchObject({ path: out, step: (await get(app, id)).best?.step });
    expect(written.parity).toBeLessThan(1e-4);
    expect(readFileSync(out)).toHaveLength(written.bytes);
    const exported = await app.client.call('runs.export', { run: id, checkpoint: 'last' });
    expect(exported).toMatchObject({ model: 'paused', step: steps });
    expect(existsSync(exported.path)).toBe(true);
    const model = (await app.client.call('models.list', {})).find(({ card }) => card.id === 'paused');
    expect(model?.card).toMatchObject({ task: 'embedding', size: 32, input: { width: 32, colour: 'rgb' } });
    expect(model?.card.notes).toContain(prepared.version.hash);
    expect(model?.card.notes).toContain('step 20');
    const embedded = await app.done(app.client.call('embed.start', { model: 'paused' }));
    expect(embedded.summary).toEqual({ faces: 20 });
    await expect(app.client.call('runs.export', { run: id, checkpoint: 7 })).rejects.toMatchObject({
      code: 'run/no-checkpoint',
    });

    // The pictures go; what was learnt from them can still be used.
    expect((await app.get(`/media/batch/${id}/3/1.png`)).headers['cache-control']).toBe('no-store');
    await app.client.call('datasets.remove', { dataset: 1 });
    await app.client.call('datasets.erase', { dataset: 1 });
    await expect(app.client.call('runs.batch', { run: id, step: 3 })).rejects.toMatchObject({
      code: 'version/incomplete',
    });
    expect((await app.get(`/media/batch/${id}/3/1.png`)).status).toBe(404);
    const after = await app.client.call('runs.export', { run: id, path: out, install: false });
    expect(after).toMatchObject({ bytes: written.bytes, step: written.step });
  }, 300_000);

  it.skipIf(!linux)(
    'whose application is killed goes on as if nothing had happened',
    async () => {
      const dataDir = join(prepared.root, 'killed');
      cpSync(prepared.dataDir, dataDir, { recursive: true });
      const file = join(dataDir, 'recipe.json');
      writeFileSync(file, JSON.stringify(recipe()));
      const words = ['train', '--recipe', file, '--name', 'Killed'];
      const child = spawn(process.execPath, [cli, '--data', dataDir, ...words], { stdio: 'ignore' });
      children.push(child);
      const db = new Database(join(dataDir, 'lineament.db'), { readonly: true });
      const stepOf = (): number =>
        (db.prepare(`SELECT step FROM run WHERE name = 'Killed'`).get() as { step: number } | undefined)
          ?.step ?? 0;
      for (let i = 0; i < 25_000 && stepOf() < 10; i++) await delay(10);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(stepOf()).toBeGreaterThanOrEqual(10); // there is a checkpoint of step 8
      db.close();
      const app = await openTestApp(dataDir);
      opened.push(app);
      const run = await app.client.call('runs.find', { name: 'Killed' });
      expect(run).toMatchObject({ state: 'paused', reason: 'interrupted', job: { state: 'paused' } });
      await app.client.call('runs.continue', { run: run.id });
      expect(await ended(app, run.id)).toMatchObject({ state: 'done', reason: 'finished', step: steps });
      expect(recorded(dataDir, run.id)).toEqual(losses);
      const { checkpoints } = await get(app, run.id);
      expect(checkpoints.at(-1)?.step).toBe(steps);
      const evaluations = await app.client.call('runs.evaluations', { run: run.id });
      expect(evaluations).toEqual(await test.client.call('runs.evaluations', { run: reference.id }));
    },
    180_000,
  );

  it('is looked at before it starts: what its recipe amounts to, and what is wrong', async () => {
    const look = (json: unknown) => test.client.call('training.check', { recipe: json });
    const good = await look({ ...recipe(), data: { ...recipe().data, version: 'Cast' } });
    expect(good.recipe?.data.version).toBe(prepared.version.hash);
    expect(good.problems).toEqual([]);
    expect(good.outlook).toMatchObject({
      ...{ images: 10, identities: 5, heldOutImages: 10, heldOutIdentities: 5, stepsPerEpoch: 2, steps },
    });
    expect(good.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['images-per-identity', 'class-count', 'memory', 'alignment']),
    );
    const overlapping = recipe({ validation: { versions: [prepared.version.hash] } });
    expect((await look(overlapping)).findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([expect.stringMatching(/leak|overlap/)]),
    );
    const paths = async (json: unknown): Promise<string[]> =>
      (await look(json)).problems.map(({ path }) => path);
    expect(await paths('no recipe')).toEqual(['']);
    expect(await paths({ ...recipe(), batch: 1, oops: 2 })).toEqual(
      expect.arrayContaining(['batch', 'oops']),
    );
    expect(await paths({ ...recipe(), data: { version: 'ffffffff' } })).toEqual(['data.version']);
    expect(await paths({ ...recipe(), batch: 64 })).toEqual(['batch']);
    const few = { ...recipe(), data: { ...recipe().data, minImagesPerIdentity: 5 } };
    expect(await paths(few)).toEqual(['data.minImagesPerIdentity']);
  });

  it('is tried for a few steps, from a template or not', async () => {
    const catalogue = await test.client.call('training.catalogue', {});
    expect(catalogue.devices.find(({ provider }) => provider === 'cpu')).toMatchObject({ available: true });
    expect(catalogue.backbones.find(({ name }) => name === 'mobilefacenet')).toMatchObject({
      parameters: 1_200_512,
    });
    expect(catalogue.heads.map(({ name }) => name)).toContain('arcface');
    expect(catalogue.schema).toHaveProperty('properties.schedule');
    for (const { id } of catalogue.templates) {
      const scaled = await test.client.call('training.template', { template: id, version: 'Cast' });
      expect(scaled.data.version).toBe(prepared.version.hash);
      expect((await test.client.call('training.check', { recipe: scaled })).problems, id).toEqual([]);
    }
    const unknown = { template: 'none', version: 'Cast' };
    await expect(test.client.call('training.template', unknown)).rejects.toMatchObject({
      code: 'recipe/unknown-template',
    });
    const told: string[] = [];
    const options = { onProgress: ({ detail }: { detail: string }) => void told.push(detail) };
    const trial = await test.client.call('training.trial', { recipe: recipe(), steps: 2 }, options);
    expect(trial).toMatchObject({ provider: 'cpu', steps: 2 });
    // The same first loss as the run’s: the same pictures and parameters.
    expect(trial.firstLoss).toBe(losses[0]);
    expect(trial.expectedLoss).toBeGreaterThan(0);
    expect(trial.memory).toBeGreaterThan(1e7);
    expect(trial.seconds).toBeCloseTo((steps * trial.msPerStep) / 1000, 9);
    expect(trial.findings.map(({ code }) => code)).toContain('first-loss');
    expect(told[0]).toContain('Compiling');
    await expect(test.client.call('training.trial', { recipe: {} })).rejects.toMatchObject({
      code: 'recipe/invalid',
    });
    const stopped = new AbortController();
    stopped.abort();
    const cancelled = test.client.call('training.trial', { recipe: recipe() }, { signal: stopped.signal });
    await expect(cancelled).rejects.toThrow('Cancelled');
  }, 300_000);

  it('that is started wrongly is not there', async () => {
    const before = await test.client.call('runs.list', {});
    const refused = async (json: unknown, code: string): Promise<void> =>
      expect(test.client.call('runs.start', { recipe: json }), code).rejects.toMatchObject({ code });
    await refused({}, 'recipe/invalid');
    await refused({ ...recipe(), batch: 'many' }, 'recipe/invalid');
    await refused({ data: { version: 'nowhere' } }, 'version/unknown');
    await refused({ ...recipe(), batch: 64 }, 'recipe/too-few-images');
    await expect(start(test, 'Reference')).rejects.toMatchObject({ code: 'run/exists' });
    expect(await test.client.call('runs.list', {})).toEqual(before);
  });
});
