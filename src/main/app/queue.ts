import { Cancelled, error, toErrorInfo } from '../../core/base/errors.ts';
import { type RateMeter, rateMeter } from '../../core/base/rate.ts';
import type { AbortSignalLike } from '../../core/contract/api.ts';
import { type Job, type JobKind, type JobState, jobKinds } from '../../core/contract/jobs.ts';
import type { Summary } from '../jobs/job.ts';
import type { Store } from '../store/database.ts';
import {
  addJob,
  clearJobs,
  getJob,
  listJobs,
  nextQueued,
  pauseInterrupted,
  type StoredJob,
  saveJob,
  waitingFor,
} from '../store/jobs.ts';
import type { EventHub } from './events.ts';

/** What a running piece of work tells the queue. */
export interface JobReport {
  progress(done: number, total: number | null): void;
  log(lines: readonly string[]): void;
  readonly signal: AbortSignal;
}

/** Does a job of one kind: prepares what is left to do, runs the workers, saves what they send. */
export type JobRunner = (job: StoredJob, report: JobReport) => Promise<Summary>;

/** A job to be queued. */
export interface NewJob {
  readonly kind: JobKind;
  readonly title: string;
  readonly datasetId: number | null;
  readonly input: unknown;
  /** The job that must be done first; cancelled with it. */
  readonly after?: number | null;
  readonly unit: string;
}

export interface JobQueue {
  add(job: NewJob): Job;
  list(active: boolean): Job[];
  get(id: number): Job;
  pause(id: number): void;
  cancel(id: number): void;
  continue(id: number): Job;
  wait(id: number, signal?: AbortSignalLike): Promise<Job>;
  clear(): void;
  /**
   * Cancels the jobs of a dataset (null: of none), and resolves when no job but a training does anything any more; one under way that
   * spans several datasets is stopped and queued again. No job starts before the function that comes back is called.
   */
  release(dataset: number | null): Promise<() => void>;
  /** Stops the running job at a safe point; it is paused and may be continued another day. */
  close(): Promise<void>;
}

const active: readonly JobState[] = ['queued', 'running'];
/** Jobs of a lane run one at a time. Training takes hours: it has a lane of its own, beside the others. */
const lanes: readonly (readonly JobKind[])[] = [jobKinds.filter((kind) => kind !== 'train'), ['train']];
const tellEveryMs = 200;

interface Running {
  readonly id: number;
  readonly kind: JobKind;
  readonly datasetId: number | null;
  readonly abort: AbortController;
  readonly meter: RateMeter;
  /** What becomes of the job when it stops at the user's wish; queued where it was continued meanwhile. */
  stopAs: 'paused' | 'cancelled' | 'queued';
  finished: Promise<void>;
}

/** Heavy jobs run one at a time in their lane, in the order in which they were asked for. */
export function jobQueue(
  store: Store,
  events: EventHub,
  runners: Readonly<Record<JobKind, JobRunner>>,
  now: () => number,
): JobQueue {
  let running: readonly Running[] = [];
  let closed = false;
  /** No job starts: something is erased. */
  let held = false;
  const waiters = new Map<number, Set<(ended: Job) => void>>();
  store.write((writer) => pauseInterrupted(writer, error('job/interrupted').info));

  const stored = (id: number): StoredJob => {
    const job = getJob(store, id);
    if (job === null) throw error('job/unknown', { job: id });
    return job;
  };
  const runningJob = (id: number): Running | undefined => running.find((one) => one.id === id);
  const present = (job: StoredJob): Job => {
    const meter = runningJob(job.id)?.meter;
    const { input: _, after: __, ...shown } = job;
    const rate = meter?.rate() ?? null;
    const etaSeconds = meter?.eta(job.total) ?? null;
    // A training that was cancelled is stopped for good.
    const canContinue =
      job.state === 'paused' || job.state === 'failed' || (job.state === 'cancelled' && job.kind !== 'train');
    return { ...shown, rate, etaSeconds, canContinue };
  };
  const save = (job: StoredJob): void => {
    store.write((writer) => saveJob(writer, job));
    events.emit('job.changed', present(job));
    if (!active.includes(job.state)) {
      for (const wake of waiters.get(job.id) ?? []) wake(present(job));
      waiters.delete(job.id);
    }
    if (job.state === 'cancelled') {
      for (const waiting of waitingFor(store, job.id))
        save({ ...waiting, state: 'cancelled', finishedAt: now() });
    }
  };

  const run = async (job: StoredJob, mine: Running): Promise<void> => {
    let current: StoredJob = { ...job, state: 'running', startedAt: now(), finishedAt: null, error: null };
    let told = 0;
    const report: JobReport = {
      signal: mine.abort.signal,
      progress: (done, total) => {
        current = { ...current, done, total };
        mine.meter.note(done, now());
        if (now() - told < tellEveryMs && done !== total) return;
        told = now();
        events.emit('job.changed', present(current));
      },
      log: (lines) => {
        current = { ...current, logTail: [...lines] };
      },
    };
    try {
      save(current);
      const summary = await runners[job.kind](job, report);
      current = { ...current, state: 'done', summary, total: current.total ?? current.done };
    } catch (thrown) {
      if (thrown instanceof Cancelled) current = { ...current, state: mine.stopAs };
      else current = { ...current, state: 'failed', error: toErrorInfo(thrown) };
      if (current.error?.code === 'app/internal') console.error(`job ${job.id} (${job.kind}):`, thrown);
    }
    running = running.filter((one) => one !== mine);
    try {
      save({ ...current, finishedAt: current.state === 'queued' ? null : now() });
    } catch (thrown) {
      // The disk may be full. The next start finds the job as interrupted; until then others may run.
      console.error(`the end of job ${job.id} could not be noted:`, thrown);
    }
  };
  const next = (): void => {
    for (const lane of lanes) nextOf(lane);
  };
  const nextOf = (lane: readonly JobKind[]): void => {
    if (closed || held || running.some((one) => lane.includes(one.kind))) return;
    const job = nextQueued(store, lane);
    if (job === null) return;
    const mine: Running = {
      id: job.id,
      kind: job.kind,
      datasetId: job.datasetId,
      abort: new AbortController(),
      meter: rateMeter(),
      stopAs: 'paused',
      finished: Promise.resolve(),
    };
    running = [...running, mine];
    mine.finished = run(job, mine).then(next);
  };
  const stop = (id: number, state: 'paused' | 'cancelled'): void => {
    const job = stored(id);
    const mine = runningJob(id);
    if (mine !== undefined) {
      // What is cancelled stays cancelled while it comes to its end.
      if (!(mine.abort.signal.aborted && mine.stopAs === 'cancelled')) mine.stopAs = state;
      mine.abort.abort();
    } else if (job.state === 'queued' || (job.state === 'paused' && state === 'cancelled')) {
      save({ ...job, state, finishedAt: now() });
    }
  };

  return {
    add: (job) => {
      const made = store.write((writer) => addJob(writer, { ...job, at: now() }));
      events.emit('job.changed', present(made));
      // Not before the caller has the job in hand.
      setImmediate(next);
      return present(made);
    },
    list: (onlyActive) => {
      const jobs = listJobs(store);
      return (onlyActive ? jobs.filter((job) => active.includes(job.state)) : jobs).map(present);
    },
    get: (id) => present(stored(id)),
    pause: (id) => stop(id, 'paused'),
    cancel: (id) => stop(id, 'cancelled'),
    continue: (id) => {
      const job = stored(id);
      // It is on its way to stop: it goes on as soon as it has.
      const mine = runningJob(id);
      const forGood = mine?.kind === 'train' && mine.stopAs === 'cancelled';
      if (mine?.abort.signal.aborted) mine.stopAs = forGood ? 'cancelled' : 'queued';
      else if (!active.includes(job.state) && job.state !== 'done') {
        save({ ...job, state: 'queued', error: null, finishedAt: null });
        setImmediate(next);
      }
      return present(stored(id));
    },
    wait: (id, signal) =>
      new Promise((resolve, reject) => {
        if (!active.includes(stored(id).state)) {
          resolve(present(stored(id)));
          return;
        }
        const set = waiters.get(id) ?? new Set();
        waiters.set(id, set);
        const give = (): void => {
          set.delete(wake);
          reject(new Cancelled());
        };
        const wake = (ended: Job): void => {
          signal?.removeEventListener('abort', give);
          resolve(ended);
        };
        set.add(wake);
        signal?.addEventListener('abort', give, { once: true });
        if (signal?.aborted) give();
      }),
    release: async (dataset) => {
      held = true;
      const theirs = dataset === null ? [] : listJobs(store).filter((job) => job.datasetId === dataset);
      for (const { id } of theirs) stop(id, 'cancelled');
      const others = running.filter((one) => one.kind !== 'train');
      for (const spanning of others) {
        if (spanning.datasetId !== null || spanning.abort.signal.aborted) continue;
        stop(spanning.id, 'paused');
        spanning.stopAs = 'queued';
      }
      await Promise.all(others.map((one) => one.finished));
      return () => {
        held = false;
        next();
      };
    },
    clear: () => store.write(clearJobs),
    close: async () => {
      closed = true;
      for (const one of running) one.abort.abort();
      await Promise.all(running.map((one) => one.finished));
    },
  };
}
