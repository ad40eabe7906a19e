import { error } from '../../core/base/errors.ts';
import type { Job } from '../../core/contract/jobs.ts';
import type { Run, RunDetail } from '../../core/contract/runs.ts';
import { listCheckpoints } from '../store/run-records.ts';
import {
  activeRuns,
  changeRun,
  findRun,
  getRun,
  listRuns,
  type RunChange,
  runOfJob,
  type StoredRun,
} from '../store/runs.ts';
import type { Context } from './context.ts';
import type { JobQueue } from './queue.ts';
import { type RunFiles, runFiles } from './runs-files.ts';
import { type Live, liveFigures, smoothedSteps } from './runs-live.ts';
import { openMetrics, type RunMetrics } from './runs-metrics.ts';
import { candidates } from './versions.ts';

/** The runs of an open data folder: what is stored of them, and how those go that train. */
export interface Runs {
  readonly metrics: RunMetrics;
  files(run: number): RunFiles;
  /** Error: `run/unknown`. */
  require(run: number): StoredRun;
  /** One that has not ended for good. Errors: `run/unknown`, `run/ended`. */
  requireOpen(run: number): StoredRun;
  /** The run of that name. Error: `run/unknown`. */
  find(name: string): Run;
  list(): Run[];
  /** Error: `run/unknown`. */
  get(run: number): RunDetail;
  present(run: StoredRun): Run;
  /** Stores a change and tells of it. */
  change(run: number, change: RunChange): Run;
  /** Begins to follow a run that trains; steps that are recorded count for what is smoothed. */
  follow(run: number): Live;
  /** Takes over what became of a run's job. */
  settle(job: Job): void;
  /** Takes over what became of the runs that were under way when the application ended. */
  settleAll(): void;
  /** From now on, whatever stops was not the user's wish. */
  close(): void;
}

/** Rows from which smoothed figures come to the same as if all had been read. */
const rowsBefore = smoothedSteps * 10;

const hasEnded = ({ state }: StoredRun): boolean => state === 'stopped' || state === 'done';

/** `queue` is called when jobs are asked for, not before. */
export function openRuns(
  context: Pick<Context, 'dataDir' | 'store' | 'events' | 'now'>,
  queue: () => JobQueue,
): Runs {
  const { dataDir, store, events, now } = context;
  const files = (run: number): RunFiles => runFiles(dataDir, run);
  const metrics = openMetrics((run) => files(run).metrics);
  const live = new Map<number, Live>();
  let closing = false;

  const unknown = (run: number | string) =>
    error('run/unknown', { run, known: candidates(listRuns(store).map(({ name }) => name)) });
  const require = (run: number): StoredRun => {
    const found = getRun(store, run);
    if (found !== null) return found;
    throw unknown(run);
  };
  const jobOf = ({ jobId }: StoredRun): Job | null => (jobId === null ? null : queue().get(jobId));
  const present = (stored: StoredRun): Run => {
    const { recipe, jobId: _, forkFile: __, ...shown } = stored;
    const figures = live.get(stored.id);
    const stepMs = figures?.stepMs ?? null;
    const images = recipe.batch * recipe.accumulation;
    return {
      ...shown,
      job: jobOf(stored),
      loss: figures?.loss ?? shown.loss,
      imagesPerSecond: stepMs === null ? null : (images * 1000) / stepMs,
      etaSeconds: stepMs === null ? null : ((stored.steps - stored.step) * stepMs) / 1000,
      memory: figures?.memory ?? null,
    };
  };
  const change = (run: number, what: RunChange): Run => {
    store.write((writer) => changeRun(writer, run, what));
    const told = present(require(run));
    events.emit('run.changed', told);
    return told;
  };

  /** What a job that is not there any more leaves: the run may go on. */
  const interrupted: RunChange = { state: 'paused', reason: 'interrupted' };
  const outcome = (run: StoredRun, job: Job): RunChange => {
    const finishedAt = job.finishedAt ?? now();
    // It had come to its end by itself, whatever happened to its process then.
    const ended = run.reason === 'finished' || run.reason === 'early-stop';
    if (ended && job.state !== 'running') return { state: 'done', finishedAt };
    switch (job.state) {
      case 'queued':
        return { state: 'queued', reason: null, error: null, finishedAt: null };
      case 'running':
        return { state: 'running', reason: null, error: null, finishedAt: null };
      case 'done':
        return { state: 'done', reason: 'finished', finishedAt };
      case 'paused':
        return closing || job.error !== null ? interrupted : { state: 'paused', reason: 'paused' };
      case 'cancelled':
        return { state: 'stopped', reason: 'user', finishedAt };
      case 'failed': {
        const diverged = job.error?.code === 'training/diverged';
        return { state: 'failed', reason: diverged ? 'diverged' : 'error', error: job.error, finishedAt };
      }
    }
  };
  const settleRun = (run: StoredRun, job: Job): void => {
    // What has ended for good does not begin again because somebody continued its job.
    if (hasEnded(run)) return;
    const next = outcome(run, job);
    if (next.state === run.state) return;
    if (next.state !== 'running') {
      const loss = live.get(run.id)?.loss;
      live.delete(run.id);
      change(run.id, loss === undefined ? next : { ...next, loss });
    } else change(run.id, next);
    events.changed('runs');
  };

  return {
    metrics,
    files,
    require,
    present,
    change,
    requireOpen: (id) => {
      const run = require(id);
      if (hasEnded(run)) throw error('run/ended', { name: run.name, reason: run.reason ?? run.state });
      return run;
    },
    find: (name) => {
      const found = findRun(store, name);
      if (found === null) throw unknown(`“${name}”`);
      return present(require(found));
    },
    list: () => listRuns(store).map(present),
    get: (id) => {
      const run = require(id);
      const all = listCheckpoints(store, id);
      const last = all.at(-1)?.step;
      const checkpoints = all.map(({ file: _, ...checkpoint }) => ({
        ...checkpoint,
        epoch: Math.floor(checkpoint.step / Math.max(1, run.stepsPerEpoch)),
        last: checkpoint.step === last,
      }));
      return { ...present(run), recipe: run.recipe, checkpoints, folder: files(id).folder };
    },
    follow: (run) => {
      const figures = liveFigures(metrics.tail(run, rowsBefore));
      live.set(run, figures);
      return figures;
    },
    settle: (job) => {
      const run = job.kind === 'train' ? runOfJob(store, job.id) : null;
      if (run !== null) settleRun(run, job);
    },
    settleAll: () => {
      for (const run of activeRuns(store)) {
        const job = jobOf(run);
        if (job === null) change(run.id, interrupted);
        else settleRun(run, job);
      }
    },
    close: () => {
      closing = true;
    },
  };
}
