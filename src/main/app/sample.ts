import { defined } from '../../core/base/assert.ts';
import { Cancelled, toErrorInfo } from '../../core/base/errors.ts';
import type { AbortSignalLike, Input, MethodName, Output } from '../../core/contract/api.ts';
import type { Job } from '../../core/contract/jobs.ts';
import {
  type Sample,
  type SampleSize,
  type SampleStepName,
  sampleStepNames,
} from '../../core/contract/sample.ts';
import { findDataset, getSource } from '../store/datasets.ts';
import { findRun, getRun } from '../store/runs.ts';
import type { Context } from './context.ts';
import type { JobQueue } from './queue.ts';
import type { Runs } from './runs.ts';
import { type Journey, sampleSteps } from './sample-steps.ts';
import { loadSample, newSample, type StoredSample, type StoredStep, saveSample } from './sample-stored.ts';
import { presentSample } from './sample-words.ts';
import { freeName } from './versions.ts';

/** The sample project: the application's own jobs one after the other, on people that were made for it. */
export interface SampleProject {
  get(): Sample;
  /** Starts it, or goes on with what is there; `seed` and `size` count where nothing is. */
  start(seed: number, size: SampleSize): Sample;
  stop(): Promise<void>;
  /** Resolves when it doesn't run any more. */
  wait(signal: AbortSignalLike): Promise<Sample>;
  close(): Promise<void>;
}

const tellEveryMs = 250;

/** `call` calls the application's own methods. */
export function openSample(
  context: Context,
  parts: {
    readonly runs: Runs;
    readonly queue: JobQueue;
    readonly call: <M extends MethodName>(
      method: M,
      input: Input<M>,
      signal: AbortSignal,
    ) => Promise<Output<M>>;
  },
): SampleProject {
  const { store, events } = context;
  const { runs, queue } = parts;
  let running: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;
  let current = loadSample(store);
  let told = 0;
  const get = (): Sample => presentSample(current, running !== null);
  const tell = (): void => {
    told = performance.now();
    events.emit('sample.changed', get());
  };
  const change = (next: StoredSample): void => {
    current = next;
    saveSample(store, next);
    tell();
  };
  const need = (): StoredSample => defined(current, 'the sample');
  const setStep = (name: SampleStepName, step: Partial<StoredStep>): void => {
    const sample = need();
    const steps = { ...sample.steps, [name]: { ...sample.steps[name], ...step } };
    change({ ...sample, steps });
  };
  /** Not kept in the database: there is too much of it. */
  const progress = (name: SampleStepName, done: number, total: number | null): void => {
    const sample = need();
    const step = { ...sample.steps[name], done, total };
    current = { ...sample, steps: { ...sample.steps, [name]: step } };
    if (performance.now() - told >= tellEveryMs || done === total) tell();
  };

  /** Waits for a job of the step, and stops it when the sample is stopped. */
  const follow = async (name: SampleStepName, job: Job, signal: AbortSignal): Promise<Job> => {
    const unsubscribe = events.subscribe((event, payload) => {
      const changed = event === 'job.changed' ? (payload as Job) : null;
      if (changed?.id === job.id) progress(name, changed.done, changed.total);
    });
    const pause = (): void => queue.pause(job.id);
    signal.addEventListener('abort', pause, { once: true });
    try {
      if (signal.aborted) pause();
      const ended = await queue.wait(job.id);
      if (ended.state === 'failed' && ended.error !== null) throw new JobFailed(ended);
      if (ended.state !== 'done') throw new Cancelled();
      return ended;
    } finally {
      signal.removeEventListener('abort', pause);
      unsubscribe();
    }
  };
  const journeyOf = (name: SampleStepName, signal: AbortSignal): Journey => ({
    ...{ context, runs, add: queue.add, sample: need },
    call: (method, input) => parts.call(method, input, signal),
    change: (what) => change({ ...need(), ...what }),
    progress: (done, total) => progress(name, done, total),
    job: async (start) => {
      const { job: known } = need();
      const stopped = queue.list(false).find((job) => job.id === known && job.canContinue);
      const job = stopped === undefined ? await start() : queue.continue(stopped.id);
      change({ ...need(), job: job.id });
      const ended = await follow(name, job, signal);
      change({ ...need(), job: null });
      return ended;
    },
  });
  const runStep = async (name: SampleStepName, signal: AbortSignal): Promise<void> => {
    const before = need().steps[name].seconds;
    const startedAt = performance.now();
    const seconds = (): number => before + (performance.now() - startedAt) / 1000;
    setStep(name, { state: 'running' });
    try {
      const { result, place } = await sampleSteps[name](journeyOf(name, signal));
      setStep(name, { state: 'done', result, place, seconds: seconds() });
    } catch (thrown) {
      const state = thrown instanceof Cancelled ? 'waiting' : 'failed';
      setStep(name, { state, seconds: seconds() });
      throw thrown;
    }
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    try {
      for (const name of sampleStepNames) {
        if (need().steps[name].state === 'done') continue;
        if (signal.aborted) throw new Cancelled();
        await runStep(name, signal);
      }
      current = { ...need(), state: 'done' };
    } catch (thrown) {
      const error = thrown instanceof JobFailed ? thrown.job.error : toErrorInfo(thrown);
      const stopped = thrown instanceof Cancelled;
      if (error?.code === 'app/internal' && !stopped) console.error('the sample project:', thrown);
      current = { ...need(), state: stopped ? 'stopped' : 'failed', error: stopped ? null : error };
    }
    running = null;
    change(need());
  };

  /** Whether what it made is there: a dataset or a run that was removed is made again, with all that followed. */
  const isThere = ({ photographs, crops, exam, run: made }: StoredSample): boolean => {
    const has = (dataset: number | null): boolean => {
      if (dataset === null) return true;
      const name = getSource(store, dataset)?.name;
      return name !== undefined && findDataset(store, name) === dataset;
    };
    return has(photographs) && has(crops) && has(exam) && (made === null || getRun(store, made) !== null);
  };
  const fresh = (seed: number, size: SampleSize): StoredSample => {
    const dataset = (name: string): string => freeName(name, (taken) => findDataset(store, taken) !== null);
    return newSample(seed, size, {
      photographs: dataset('Sample photographs'),
      crops: dataset('Sample training crops'),
      exam: dataset('Sample exam crops'),
      run: freeName('Sample network', (taken) => findRun(store, taken) !== null),
    });
  };
  const stop = async (): Promise<void> => {
    running?.abort.abort();
    await running?.ended;
  };
  return {
    get,
    stop,
    close: stop,
    start: (seed, size) => {
      if (running !== null) return get();
      const known = current !== null && isThere(current) ? current : null;
      if (known?.state === 'done') return get();
      const abort = new AbortController();
      current = { ...(known ?? fresh(seed, size)), state: 'running', error: null };
      // Behind the answer, so that whoever asked knows that it runs before it is told how it goes.
      const ended = new Promise((resolve) => setImmediate(resolve)).then(() => run(abort.signal));
      running = { abort, ended };
      change(need());
      return get();
    },
    wait: async (signal) => {
      const gone = new Promise<never>((_, reject) => {
        const give = (): void => reject(new Cancelled());
        signal.addEventListener('abort', give, { once: true });
        if (signal.aborted) give();
      });
      await Promise.race([running?.ended, gone]);
      return get();
    },
  };
}

/** Carries the error of a job as the job tells it. */
class JobFailed extends Error {
  readonly job: Job;
  constructor(job: Job) {
    super(job.error?.message ?? '');
    this.job = job;
  }
}
