import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { error } from '../../../src/core/base/errors.ts';
import type { Job, JobState } from '../../../src/core/contract/jobs.ts';
import type { Run } from '../../../src/core/contract/runs.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { type EventHub, eventHub } from '../../../src/main/app/events.ts';
import { type JobQueue, jobQueue } from '../../../src/main/app/queue.ts';
import { openRuns, type Runs } from '../../../src/main/app/runs.ts';
import { removeOrphanFolders, runFiles } from '../../../src/main/app/runs-files.ts';
import { openStore, type Store } from '../../../src/main/store/database.ts';
import { addJob, saveJob } from '../../../src/main/store/jobs.ts';
import { addRun, changeRun } from '../../../src/main/store/runs.ts';
import { hashOf, tempDir } from '../store/support.ts';

let folder: ReturnType<typeof tempDir>;
let store: Store;
let events: EventHub;
let queue: JobQueue;
let runs: Runs;
let told: Run[];
const recipe = recipeSchema.parse({ data: { version: hashOf(1) }, batch: 32, accumulation: 2 });

function open(): void {
  // Nothing runs here: what jobs come to is told by hand.
  const never = (): Promise<never> => new Promise(() => {});
  const runners = {
    import: never,
    align: never,
    embed: never,
    cluster: never,
    train: never,
    people: never,
    clean: never,
    benchmark: never,
    evaluate: never,
    map: never,
  };
  queue = jobQueue(store, events, runners, () => 7);
  runs = openRuns({ dataDir: folder.dir, store, events, now: () => 7 }, () => queue);
}

beforeEach(() => {
  folder = tempDir();
  store = openStore(`${folder.dir}/lineament.db`);
  store.write((writer) =>
    writer.run(
      `INSERT INTO version (hash, name, created_at, min_quality, images, identities, solvers, least_side, most_side)
       VALUES (?, 'V', 1, 0, 10, 2, '{}', 112, 112)`,
      [hashOf(1)],
    ),
  );
  events = eventHub();
  told = [];
  events.subscribe((event, payload) => {
    if (event === 'run.changed') told.push(payload as Run);
  });
  open();
});
afterEach(() => {
  events.close();
  store.close();
  folder.remove();
});

/** A run with its job, in that state. */
function make(state: JobState, name = 'Run', failure: Job['error'] = null): { run: number; job: number } {
  return store.write((writer) => {
    const job = addJob(writer, {
      ...{ kind: 'train', title: 'T', datasetId: null, input: {}, unit: 'steps', at: 1 },
    });
    const run = addRun(writer, {
      ...{ name, recipe, version: 1, at: 1, steps: 100, stepsPerEpoch: 10, parent: null, forkFile: null },
    });
    changeRun(writer, run, { jobId: job.id, state: 'running' });
    saveJob(writer, { ...job, state, error: failure, finishedAt: state === 'queued' ? null : 5 });
    return { run, job: job.id };
  });
}

describe('what becomes of a run with its job', () => {
  it.each<[JobState, Job['error'], Partial<Run>]>([
    ['queued', null, { state: 'queued', reason: null, finishedAt: null }],
    ['done', null, { state: 'done', reason: 'finished', finishedAt: 5 }],
    ['paused', null, { state: 'paused', reason: 'paused' }],
    ['paused', error('job/interrupted').info, { state: 'paused', reason: 'interrupted', error: null }],
    ['cancelled', null, { state: 'stopped', reason: 'user', finishedAt: 5 }],
    ['failed', error('run/unknown').info, { state: 'failed', reason: 'error', finishedAt: 5 }],
    [
      'failed',
      { ...error('run/unknown').info, code: 'training/diverged' },
      { state: 'failed', reason: 'diverged', error: expect.objectContaining({ code: 'training/diverged' }) },
    ],
  ])('%s', (state, failure, expected) => {
    const { run, job } = make(state, 'Run', failure);
    runs.settle(queue.get(job));
    expect(runs.get(run)).toMatchObject(expected);
    expect(told.at(-1)).toMatchObject({ id: run, ...expected });
  });

  it('has a reason for every stop, also where the application closes', () => {
    const { run, job } = make('paused');
    runs.close();
    runs.settle(queue.get(job));
    expect(runs.get(run)).toMatchObject({ state: 'paused', reason: 'interrupted' });
  });

  it('stays at its end once it came to it by itself', () => {
    const { run, job } = make('failed', 'Run', error('job/worker-died').info);
    store.write((writer) => changeRun(writer, run, { reason: 'early-stop' }));
    runs.settle(queue.get(job));
    expect(runs.get(run)).toMatchObject({ state: 'done', reason: 'early-stop', error: null });
    const stopped = make('cancelled', 'Other');
    runs.settle(queue.get(stopped.job));
    runs.settle({ ...queue.get(stopped.job), state: 'running' });
    expect(runs.get(stopped.run)).toMatchObject({ state: 'stopped', reason: 'user' });
  });

  it('is found out at the next start, also without a job', () => {
    const killed = make('running', 'Killed');
    const cleared = make('done', 'Cleared');
    store.write((writer) => writer.run('DELETE FROM job WHERE id = ?', [cleared.job]));
    const ended = make('running', 'Ended');
    store.write((writer) => changeRun(writer, ended.run, { reason: 'finished' }));
    open();
    runs.settleAll();
    expect(runs.list().map(({ name, state, reason }) => [name, state, reason])).toEqual([
      ['Ended', 'done', 'finished'],
      ['Cleared', 'paused', 'interrupted'],
      ['Killed', 'paused', 'interrupted'],
    ]);
    expect(runs.get(killed.run).job).toMatchObject({ state: 'paused', error: { code: 'job/interrupted' } });
  });
});

describe('how a run goes', () => {
  const rows = (loss: number, stepMs: number, n: number): Float32Array => {
    const all = new Float32Array(n * metricColumns.length);
    for (let i = 0; i < n; i++) {
      all[i * metricColumns.length] = loss;
      all[i * metricColumns.length + metricColumns.indexOf('stepMs')] = stepMs;
    }
    return all;
  };

  it('is told smoothed while it trains, and speed by the pictures of a step', () => {
    const { run, job } = make('running');
    mkdirSync(runFiles(folder.dir, run).folder, { recursive: true });
    expect(runs.get(run)).toMatchObject({ loss: null, imagesPerSecond: null, etaSeconds: null });
    const live = runs.follow(run);
    live.note(rows(4, 500, 1), 1e9);
    store.write((writer) => changeRun(writer, run, { step: 1 }));
    const begun = runs.get(run);
    expect(begun).toMatchObject({ loss: 4, memory: 1e9 });
    expect(begun.imagesPerSecond).toBeCloseTo(64 / 0.5, 6);
    expect(begun.etaSeconds).toBeCloseTo(99 * 0.5, 6);
    live.note(rows(Number.NaN, 500, 1), 1e9);
    expect(runs.get(run).loss).toBe(4);
    live.note(rows(2, 500, 25), 1e9);
    const between = runs.get(run).loss ?? 0;
    expect(between).toBeGreaterThan(2);
    expect(between).toBeLessThan(2.2); // half of 50 steps have passed
    runs.settle({ ...queue.get(job), state: 'paused' });
    expect(runs.get(run)).toMatchObject({ loss: between, imagesPerSecond: null, memory: null });
  });

  it('goes on from the rows that are there', () => {
    const { run } = make('running');
    mkdirSync(runFiles(folder.dir, run).folder, { recursive: true });
    const first = runs.follow(run);
    for (const loss of [5, 4, 3, 3.5]) first.note(rows(loss, 100, 1), null);
    for (const [i, loss] of [5, 4, 3, 3.5].entries()) runs.metrics.append(run, i + 1, rows(loss, 100, 1));
    expect(runs.follow(run).loss).toBeCloseTo(first.loss ?? 0, 12);
  });
});

describe('folders of runs', () => {
  it('that no run has any more are deleted at the start, and nothing else', async () => {
    for (const name of ['1', '2', 'notes']) mkdirSync(join(folder.dir, 'runs', name), { recursive: true });
    await removeOrphanFolders(folder.dir, new Set([2]));
    expect(['1', '2', 'notes'].map((name) => existsSync(join(folder.dir, 'runs', name)))).toEqual([
      ...[false, true, true],
    ]);
    await removeOrphanFolders(join(folder.dir, 'nowhere'), new Set());
  });
});
