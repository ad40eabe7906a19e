import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cancelled, error } from '../../../src/core/base/errors.ts';
import type { Job } from '../../../src/core/contract/jobs.ts';
import { type EventHub, eventHub } from '../../../src/main/app/events.ts';
import { type JobQueue, type JobReport, type JobRunner, jobQueue } from '../../../src/main/app/queue.ts';
import { openStore, type Store } from '../../../src/main/store/database.ts';
import { getJob } from '../../../src/main/store/jobs.ts';
import { makeDataset, tempDir } from '../store/support.ts';

let folder: ReturnType<typeof tempDir>;
let store: Store;
let events: EventHub;
let queue: JobQueue;
/** Of the jobs under way, how to end them. */
let running: { job: number; report: JobReport; finish(): void; fail(thrown: unknown): void }[];
let clock: number;

const runner: JobRunner = (job, report) =>
  new Promise((resolve, reject) => {
    const end = (): void => void running.splice(running.indexOf(entry), 1);
    const entry = {
      job: job.id,
      report,
      finish: () => {
        end();
        resolve({ things: 3 });
      },
      fail: (thrown: unknown) => {
        end();
        reject(thrown);
      },
    };
    running.push(entry);
  });
const runners = {
  import: runner,
  align: runner,
  embed: runner,
  cluster: runner,
  train: runner,
  people: runner,
  clean: runner,
  benchmark: runner,
  evaluate: runner,
  map: runner,
};
const open = (): JobQueue => jobQueue(store, events, runners, () => clock);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const add = (datasetId: number | null = null): Job =>
  queue.add({ kind: 'align', title: 'Align', datasetId, input: { x: 1 }, unit: 'photographs' });
const states = (): string[] =>
  queue
    .list(false)
    .map((job) => job.state)
    .toReversed();

beforeEach(() => {
  folder = tempDir();
  store = openStore(`${folder.dir}/lineament.db`);
  events = eventHub();
  running = [];
  clock = 1000;
  queue = open();
});
afterEach(async () => {
  const closing = queue.close();
  for (const entry of [...running]) entry.fail(new Cancelled());
  await closing;
  events.close();
  store.close();
  folder.remove();
});

describe('the queue of jobs', () => {
  it('runs one at a time, in the order of asking', async () => {
    const jobs = [add(), add(), add()];
    expect(running).toEqual([]); // the caller has the job in hand before it runs
    await turn();
    expect(states()).toEqual(['running', 'queued', 'queued']);
    for (const job of jobs) {
      expect(running.map((entry) => entry.job)).toEqual([job.id]);
      const ended = queue.wait(job.id);
      running[0]?.finish();
      expect(await ended).toMatchObject({
        id: job.id,
        state: 'done',
        summary: { things: 3 },
        finishedAt: 1000,
      });
      await turn();
    }
    expect(await queue.wait(jobs[0]?.id ?? 0)).toMatchObject({ state: 'done' });
  });

  it('tells progress with rate and time left, and not more often than anybody can see', async () => {
    const told: Job[] = [];
    events.subscribe((event, payload) => {
      if (event === 'job.changed') told.push(payload as Job);
    });
    const { id } = add();
    await turn();
    const report = running[0]?.report;
    told.length = 0;
    for (let i = 0; i <= 100; i++) {
      report?.progress(i, 200);
      clock += 20;
    }
    expect(told.length).toBeLessThanOrEqual(11);
    const now = queue.get(id);
    expect(now).toMatchObject({ state: 'running' });
    expect(now.rate).toBeCloseTo(50, 0);
    expect(told.at(-1)?.etaSeconds).toBeCloseTo(2, 0);
    report?.progress(200, 200);
    expect(told.at(-1)?.done).toBe(200);
  });

  it('fails with the reason and the log’s tail, and goes on to the next', async () => {
    const [first, second] = [add(), add()];
    await turn();
    running[0]?.report.log(['one', 'two']);
    running[0]?.fail(error('photo/gone', { path: '/p' }));
    await turn();
    expect(queue.get(first.id)).toMatchObject({
      ...{ state: 'failed', canContinue: true, logTail: ['one', 'two'] },
      error: { code: 'photo/gone' },
    });
    expect(running.map((entry) => entry.job)).toEqual([second.id]);
  });

  it('continues what failed, and has forgotten the failure then', async () => {
    const { id } = add();
    await turn();
    running[0]?.fail(error('photo/gone', { path: '/p' }));
    await turn();
    expect(queue.continue(id)).toMatchObject({ state: 'queued', error: null });
    await turn();
    expect(queue.get(id)).toMatchObject({ state: 'running', error: null });
    running[0]?.finish();
    await turn();
    expect(queue.continue(id).state).toBe('done'); // nothing is left to do
  });

  it.each(['pause', 'cancel'] as const)('%ss what runs, and what waits', async (verb) => {
    const as = verb === 'pause' ? 'paused' : 'cancelled';
    const [first, second] = [add(), add()];
    await turn();
    queue[verb](second.id);
    queue[verb](first.id);
    expect(running[0]?.report.signal.aborted).toBe(true);
    expect(queue.get(first.id).state).toBe('running'); // until it has come to a safe point
    running[0]?.fail(new Cancelled());
    await turn();
    expect(states()).toEqual([as, as]);
    queue.continue(second.id);
    await turn();
    expect(running.map((entry) => entry.job)).toEqual([second.id]);
  });

  it('goes on at once with a job that is continued while it stops', async () => {
    const { id } = add();
    await turn();
    const ended = queue.wait(id);
    queue.pause(id);
    queue.continue(id);
    running[0]?.fail(new Cancelled());
    await turn();
    expect(running.map((entry) => entry.job)).toEqual([id]);
    running[0]?.finish();
    expect((await ended).state).toBe('done');
  });

  it('pauses at closing what runs, and at opening what was broken off', async () => {
    const [first, second] = [add(), add()];
    await turn();
    const closing = queue.close();
    running[0]?.fail(new Cancelled());
    await closing;
    expect(getJob(store, first.id)).toMatchObject({ state: 'paused', error: null });
    expect(getJob(store, second.id)?.state).toBe('queued');
    queue = open();
    expect(queue.get(second.id)).toMatchObject({ state: 'paused', error: { code: 'job/interrupted' } });
    await turn();
    expect(running).toEqual([]);
  });

  it('stops waiting where the waiter gives up', async () => {
    const { id } = add();
    const controller = new AbortController();
    const waiting = queue.wait(id, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(Cancelled);
    await expect(queue.wait(id, AbortSignal.abort())).rejects.toBeInstanceOf(Cancelled);
    expect(() => queue.get(99)).toThrow(/99/);
  });

  it('survives listeners that throw, and rows that are gone', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
    const stop = events.subscribe(() => {
      throw new Error('a page that is gone');
    });
    const dataset = store.write((writer) => makeDataset(writer, 'A'));
    const [first, second] = [add(dataset), add()];
    await turn();
    const ended = queue.wait(first.id);
    store.write((writer) => writer.run('DELETE FROM dataset'));
    running[0]?.finish();
    expect((await ended).state).toBe('done');
    await turn();
    expect(running.map((entry) => entry.job)).toEqual([second.id]);
    expect(complaints).toHaveBeenCalled();
    stop();
    complaints.mockRestore();
  });

  it('begins a job that waits for another when that is done, and cancels it with it', async () => {
    const first = add();
    const chained = { kind: 'embed', title: 'Embed', datasetId: null, input: {}, unit: 'faces' } as const;
    const second = queue.add({ ...chained, after: first.id });
    const third = queue.add({ ...chained, after: second.id });
    const free = add();
    await turn();
    running[0]?.fail(error('photo/gone', { path: '/p' }));
    await turn();
    // What waits for a job that failed does not hold up others.
    expect(running.map((entry) => entry.job)).toEqual([free.id]);
    running[0]?.finish();
    await turn();
    expect(running).toEqual([]);
    queue.continue(first.id);
    await turn();
    running[0]?.finish();
    await turn();
    expect(running.map((entry) => entry.job)).toEqual([second.id]);
    const cancelled = queue.wait(third.id);
    queue.cancel(second.id);
    running[0]?.fail(new Cancelled());
    expect((await cancelled).state).toBe('cancelled');
    await turn();
    expect(running).toEqual([]);
  });

  it('trains beside the other jobs, one training at a time', async () => {
    const train = (): Job =>
      queue.add({ kind: 'train', title: 'Train', datasetId: null, input: {}, unit: 'steps' });
    const jobs = [train(), add(), train(), add()];
    await turn();
    expect(states()).toEqual(['running', 'running', 'queued', 'queued']);
    running.find((entry) => entry.job === jobs[0]?.id)?.finish();
    await turn();
    expect(states()).toEqual(['done', 'running', 'running', 'queued']);
    const resume = await Promise.race([
      queue.release(77),
      // The alignment spans datasets here: it makes way; the training goes on.
      turn().then(() => {
        running.find((entry) => entry.job === jobs[1]?.id)?.fail(new Cancelled());
        return new Promise<() => void>(() => {});
      }),
    ]);
    expect(states()).toEqual(['done', 'queued', 'running', 'queued']);
    resume();
    await turn();
    expect(states()).toEqual(['done', 'running', 'running', 'queued']);
  });

  it('does not offer to continue a training that was cancelled', async () => {
    const { id } = queue.add({ kind: 'train', title: 'T', datasetId: null, input: {}, unit: 'steps' });
    await turn();
    queue.cancel(id);
    running[0]?.fail(new Cancelled());
    await turn();
    expect(queue.get(id)).toMatchObject({ state: 'cancelled', canContinue: false });
  });

  it.each(['pause', 'continue'] as const)(
    'keeps to a stop of a training that is still saving: %s',
    async (verb) => {
      const { id } = queue.add({ kind: 'train', title: 'T', datasetId: null, input: {}, unit: 'steps' });
      await turn();
      queue.cancel(id);
      queue[verb](id);
      running[0]?.fail(new Cancelled());
      await turn();
      expect(queue.get(id).state).toBe('cancelled');
    },
  );

  it('makes way for what erases a dataset', async () => {
    const dataset = store.write((writer) => makeDataset(writer, 'A'));
    const [spanning, own] = [add(null), add(dataset)];
    await turn();
    let released = false;
    const release = queue.release(dataset).then((resume) => {
      released = true;
      return resume;
    });
    await turn();
    expect(released).toBe(false);
    running[0]?.fail(new Cancelled());
    const resume = await release;
    await turn();
    expect(queue.get(own.id).state).toBe('cancelled');
    expect(queue.get(spanning.id).state).toBe('queued');
    expect(running).toEqual([]);
    resume();
    await turn();
    expect(running.map((entry) => entry.job)).toEqual([spanning.id]);
  });
});

describe('the hub of events', () => {
  it('gathers what changed into one event, and counts versions', async () => {
    const seen: unknown[] = [];
    const stop = events.subscribe((event, payload) => void seen.push([event, payload]));
    const before = events.version('faces', 'people');
    events.changed('faces');
    events.changed('people', 'faces');
    expect(events.version('faces', 'people')).toBe(before + 3);
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect(seen).toEqual([['data.changed', { topics: ['faces', 'people'] }]]);
    stop();
    events.emit('data.changed', { topics: [] });
    expect(seen).toHaveLength(1);
  });
});
