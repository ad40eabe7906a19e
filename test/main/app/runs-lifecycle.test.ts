import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Run, RunDetail } from '../../../src/core/contract/runs.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { type Prepared, prepareVersion, tinyRecipe } from '../../support/trained.ts';

/** What the application makes of trainings; the processes only say that they train. */
const entry = new URL('../../support/training-entry.ts', import.meta.url);
const steps = 20;
let prepared: Prepared;
let app: TestApp;
let dataDir: string;
let copies = 0;

const recipe = (more: Partial<RecipeInput> = {}): RecipeInput => tinyRecipe('Cast', 10, more);
const start = (name: string, more: Partial<RecipeInput> = {}): Promise<Run> =>
  app.client.call('runs.start', { recipe: recipe(more), name });
const get = (run: number): Promise<RunDetail> => app.client.call('runs.get', { run });

async function until(run: number, is: (run: Run) => boolean): Promise<RunDetail> {
  for (let i = 0; i < 10_000; i++) {
    const found = await get(run);
    if (is(found)) return found;
    await delay(5);
  }
  throw new Error(`never so: ${JSON.stringify(await get(run))}`);
}
const ended = (run: number): Promise<RunDetail> =>
  until(run, ({ state }) => state !== 'queued' && state !== 'running');
const refused = (work: Promise<unknown>, code: string): Promise<void> =>
  expect(work, code).rejects.toMatchObject({ code });

/** Losses as they were recorded. */
function losses(run: number): number[] {
  const file = readFileSync(join(dataDir, 'runs', String(run), 'metrics.f32'));
  const rows = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  return [...rows.filter((_, i) => i % metricColumns.length === 0)];
}
const all = Array.from({ length: steps }, (_, i) => 99 - i);

describe.skipIf(!haveModels)('a run', () => {
  beforeAll(async () => {
    prepared = await prepareVersion();
  }, 120_000);
  beforeEach(async () => {
    dataDir = join(prepared.root, `copy ${copies++}`);
    cpSync(prepared.dataDir, dataDir, { recursive: true });
    app = await openTestApp(dataDir, entry);
  });
  afterEach(() => app.close());
  afterAll(() => prepared?.remove());

  it('goes on from its last whole checkpoint, and has every row once', async () => {
    const { id } = await start('Damaged');
    await until(id, ({ step }) => step >= 12);
    await app.client.call('runs.pause', { run: id });
    const { checkpoints, step } = await ended(id);
    expect(checkpoints.map((checkpoint) => checkpoint.step)).toEqual([10, step]);
    writeFileSync(join(dataDir, 'runs', String(id), 'checkpoints', `${step}.checkpoint`), 'damaged');
    await app.client.call('runs.continue', { run: id });
    expect(await ended(id)).toMatchObject({ state: 'done', step: steps, best: { accuracy: 0.02, step: 20 } });
    expect(losses(id)).toEqual(all);
    const evaluations = await app.client.call('runs.evaluations', { run: id });
    expect(evaluations.map((evaluation) => evaluation.step)).toEqual([5, 10, 15, 20]);
  }, 60_000);

  it('that has no whole checkpoint left fails by name, and can be tried again', async () => {
    const { id } = await start('Lost');
    await until(id, ({ step }) => step >= 1);
    await app.client.call('runs.pause', { run: id });
    const { step, checkpoints } = await ended(id);
    for (const checkpoint of checkpoints)
      writeFileSync(join(dataDir, 'runs', String(id), 'checkpoints', `${checkpoint.step}.checkpoint`), 'x');
    await app.client.call('runs.continue', { run: id });
    const failed = await ended(id);
    expect(failed).toMatchObject({ state: 'failed', reason: 'error' });
    expect(failed.error?.code).toBe('training/checkpoint-damaged');
    const [last] = failed.checkpoints.slice(-1);
    const name = `${last?.step ?? step}.checkpoint`;
    writeFileSync(join(dataDir, 'runs', String(id), 'checkpoints', name), String(last?.step));
    await app.client.call('runs.continue', { run: id });
    expect(await ended(id)).toMatchObject({ state: 'done', error: null });
  }, 60_000);

  it('that was verified on a benchmark which is gone says so, and goes on once it is there again', async () => {
    const { call } = app.client;
    const wish = { version: prepared.version.id, name: 'Pairs', pairs: 20, folds: 2 };
    const { id: benchmark, hash } = await call('benchmarks.build', wish);
    const { id } = await start('Verified', { validation: { pairs: 20, benchmarks: ['Pairs'] } });
    await until(id, ({ step }) => step >= 2);
    await refused(call('benchmarks.remove', { benchmark }), 'benchmark/in-training');
    await call('runs.pause', { run: id });
    await ended(id);
    await call('benchmarks.remove', { benchmark });
    await call('runs.continue', { run: id });
    const failed = await ended(id);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'run/benchmark-gone' } });
    expect(failed.error?.message).toContain(hash?.slice(0, 12) ?? '-');
    await call('benchmarks.build', wish);
    await call('runs.continue', { run: id });
    expect(await ended(id)).toMatchObject({ state: 'done', error: null });
    expect(losses(id)).toEqual(all);
  }, 60_000);

  it('that diverges keeps what was said of it, and what was recorded', async () => {
    const { id } = await start('Wild', { seed: 13 });
    expect(await ended(id)).toMatchObject({
      ...{ state: 'failed', reason: 'diverged', step: 6 },
      error: { code: 'training/diverged', values: { step: 7, layer: 'stem', what: 'forward', batch: '1,2' } },
    });
    expect(losses(id)).toEqual(all.slice(0, 6));
  }, 60_000);

  it('is paused when the application closes, and says so', async () => {
    const { id } = await start('Closed');
    await until(id, ({ step }) => step >= 2);
    await app.close();
    app = await openTestApp(dataDir, entry);
    const closed = await get(id);
    expect(closed).toMatchObject({ state: 'paused', reason: 'interrupted' });
    expect(closed.checkpoints.at(-1)?.step).toBe(closed.step);
    expect((await app.client.call('runs.continue', { run: id })).state).toBe('queued');
    expect(await ended(id)).toMatchObject({ state: 'done', reason: 'finished' });
    expect(losses(id)).toEqual(all);
  }, 60_000);

  it('is forked from a checkpoint, also where its parent is gone then', async () => {
    const parent = await start('Parent');
    await ended(parent.id);
    const fork = { run: parent.id, step: 15, recipe: recipe({ epochs: 3 }) };
    const { id, name } = await app.client.call('runs.fork', fork);
    expect(name).toBe('MobileFaceNet ArcFace, Cast');
    await app.client.call('runs.remove', { run: parent.id });
    const done = await ended(id);
    expect(done).toMatchObject({
      ...{ state: 'done', step: 6, steps: 6, error: null },
      parent: { run: 0, name: 'Parent', step: 15 },
    });
    expect(losses(id)[0]).toBe(1099); // it was told what to begin with
    expect(readdirSync(done.folder).toSorted()).toEqual(['checkpoints', 'metrics.f32']);
    await refused(app.client.call('runs.fork', { run: id, step: 3 }), 'run/no-checkpoint');
  }, 60_000);

  it('begins with a run that its recipe names, or with a file, which may be gone then', async () => {
    const parent = await start('Parent');
    await ended(parent.id);
    const from = { from: 'run', run: 'Parent', checkpoint: 15 } as const;
    const { recipe: stated, findings } = await app.client.call('training.check', {
      recipe: recipe({ start: from }),
    });
    expect(stated?.start).toEqual(from);
    expect(findings.find(({ code }) => code === 'start')?.message).toContain('step 15 of the run Parent');
    const { id } = await start('Child', { start: from, epochs: 3 });
    const done = await ended(id);
    expect(done).toMatchObject({ state: 'done', error: null, parent: { name: 'Parent', step: 15 } });
    expect(losses(id)[0]).toBe(1099);
    const path = join(prepared.root, 'weights.pth');
    writeFileSync(path, '15');
    const file = await start('By file', { start: { from: 'file', path }, epochs: 3 });
    rmSync(path);
    const other = await ended(file.id);
    expect(other).toMatchObject({ state: 'done', error: null, parent: null });
    expect(losses(file.id)[0]).toBe(2099); // it was told of the copy
    expect(readdirSync(other.folder).toSorted()).toEqual(['checkpoints', 'metrics.f32']);
    await refused(start('Lost', { start: { from: 'file', path } }), 'training/no-start');
    await refused(start('None', { start: { from: 'run', run: 'Nobody' } }), 'run/unknown');
    const problems = async (more: Partial<RecipeInput>) =>
      (await app.client.call('training.check', { recipe: recipe(more) })).problems.map(({ path: at }) => at);
    expect(await problems({ start: { from: 'run', run: 'Nobody' } })).toEqual(['start.run']);
    expect(await problems({ start: { from: 'file', path } })).toEqual(['start.path']);
    const wider = { ...recipe().network, backbone: 'ir-18' };
    expect(await problems({ start: from, network: wider })).toEqual(['start.run']);
  }, 60_000);

  it('learns from a teacher that is kept with it, a run or a model', async () => {
    const template = { template: 'facex-zoo-distillation', version: 'Cast' };
    const scaled = await app.client.call('training.template', template);
    const card = (await app.client.call('models.list', {})).find(
      ({ card: { task }, isDefault }) => task === 'embedding' && isDefault,
    )?.card;
    const named = `onnx:${card?.id}`;
    expect(scaled.distillation?.teacher).toMatchObject({ from: 'model', model: named });
    const check = async (distillation: RecipeInput['distillation'], seed = 11) =>
      app.client.call('training.check', { recipe: recipe({ seed, distillation: distillation ?? null }) });
    const model = await check({ teacher: { from: 'model', model: named }, features: {} });
    const whole = model.recipe?.distillation?.teacher;
    expect(whole).toMatchObject({ from: 'model', model: expect.stringMatching(/@[0-9a-f]{12}$/) });
    expect(whole?.embedding).toBe(card?.task === 'embedding' ? card.size : 0);
    expect(model.findings.find(({ code }) => code === 'teacher')?.message).toContain(card?.name);

    const parent = await start('Teacher', { seed: 11 });
    await ended(parent.id);
    const by = { teacher: { from: 'run', run: 'Teacher' }, softTargets: {} } as const;
    expect((await check(by)).recipe?.distillation?.teacher.embedding).toBe(32);
    expect((await check(by, 12)).problems.map(({ path }) => path)).toEqual(['distillation.softTargets']);
    const nobody = { ...by, teacher: { from: 'run', run: 'Nobody' } } as const;
    expect((await check(nobody)).problems.map(({ path }) => path)).toEqual(['distillation.teacher']);
    const flow = { ...by, flow: {}, factors: {} };
    const told = (await check(flow)).recipe?.distillation;
    expect(told?.flow?.teacher).toEqual(['stem', 'stage3']);
    expect(told?.teacher.maps?.map(({ name }) => name)).toEqual(['stem', 'stage3']);
    const unknown = await check({ ...flow, factors: { teacher: 'attic' } });
    expect(unknown.problems.map(({ path }) => path)).toEqual(['distillation.teacher']);
    expect(unknown.problems[0]?.message).toMatch(/no map attic.*stem \(64 of 16×16\).*stage3 \(128 of 2×2\)/);
    const own = await check({ ...flow, factors: { student: 'attic' } });
    expect(own.problems.map(({ path, message }) => [path, message])).toEqual([
      ['distillation.factors.student', expect.stringMatching(/attic.*it has stem, .*stage3/)],
    ]);
    const of = await check({ teacher: { from: 'model', model: named }, factors: {} });
    expect(of.recipe?.distillation?.teacher.maps).toHaveLength(1);
    const { id } = await start('Student', { seed: 11, epochs: 3, distillation: by });
    await app.client.call('runs.remove', { run: parent.id });
    const done = await ended(id);
    expect(done).toMatchObject({ state: 'done', error: null, parent: null });
    expect(done.recipe.distillation?.teacher).toMatchObject({ checkpoint: 20, embedding: 32 });
    expect(readdirSync(done.folder).toSorted()).toEqual(['checkpoints', 'metrics.f32', 'teacher.checkpoint']);
    // its own teacher is gone; a fork has what was kept
    const fork = await app.client.call('runs.fork', { run: id, name: 'Fork' });
    expect(await ended(fork.id)).toMatchObject({ state: 'done', error: null });
    expect(existsSync(join(dataDir, 'runs', String(fork.id), 'teacher.checkpoint'))).toBe(true);
    // to learn more of it, its own run is asked what it has
    const taught = await app.client.call('runs.get', { run: id });
    const more = { ...taught.recipe.distillation, flow: {} };
    const wish = { run: id, name: 'More', recipe: { ...taught.recipe, distillation: more } };
    await refused(app.client.call('runs.fork', wish), 'run/unknown');
  }, 60_000);

  it('follows its job, and keeps its pictures from being erased', async () => {
    const { id: parent } = await start('Parent');
    await ended(parent);
    const first = await start('First');
    const second = await start('Second');
    const third = await app.client.call('runs.fork', { run: parent, name: 'Third' });
    const job = first.job?.id ?? 0;
    await until(first.id, ({ step }) => step >= 1);
    expect(await get(second.id)).toMatchObject({ state: 'queued', reason: null });
    await expect(app.client.call('runs.remove', { run: third.id })).rejects.toMatchObject({
      code: 'run/under-way',
    });
    await expect(app.client.call('runs.rename', { run: third.id, name: 'First' })).rejects.toMatchObject({
      code: 'run/exists',
    });
    await app.client.call('runs.stop', { run: third.id });
    const { folder } = await ended(third.id);
    expect(readdirSync(folder).toSorted()).toEqual(['checkpoints', 'fork.checkpoint']);
    await app.client.call('runs.remove', { run: third.id });
    expect(existsSync(folder)).toBe(false);
    await expect(get(third.id)).rejects.toMatchObject({
      code: 'run/unknown',
      message: expect.stringContaining('First'),
    });

    await app.client.call('jobs.pause', { job: second.job?.id ?? 0 });
    expect(await ended(second.id)).toMatchObject({ state: 'paused', reason: 'paused' });
    await app.client.call('datasets.remove', { dataset: 1 });
    await expect(app.client.call('datasets.erase', { dataset: 1 })).rejects.toMatchObject({
      code: 'dataset/in-training',
    });
    await app.client.call('jobs.cancel', { job });
    expect(await ended(first.id)).toMatchObject({ state: 'stopped', reason: 'user' });
    expect((await app.client.call('jobs.get', { job })).canContinue).toBe(false);
    await app.client.call('jobs.clear', {});
    expect(await get(first.id)).toMatchObject({ state: 'stopped', job: null });
    await expect(app.client.call('runs.continue', { run: first.id })).rejects.toMatchObject({
      code: 'run/ended',
    });

    await app.client.call('datasets.erase', { dataset: 1 });
    const [version] = await app.client.call('versions.list', {});
    expect(version).toMatchObject({
      images: 20,
      missing: 20,
      runs: 3,
      datasets: [{ id: null, name: 'Cast' }],
    });
    await app.client.call('runs.continue', { run: second.id });
    expect(await ended(second.id)).toMatchObject({
      ...{ state: 'failed', reason: 'error' },
      error: { code: 'version/incomplete' },
    });
  }, 60_000);
});
