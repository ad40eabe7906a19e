import type { Events } from '../../../src/core/contract/api.ts';
import type { Job, JobKind } from '../../../src/core/contract/jobs.ts';
import type { Mutable, World } from './world.ts';

export type Emit = <E extends keyof Events>(event: E, payload: Events[E]) => void;

/** Jobs that pass the time: one runs, the others wait. */
export class FakeJobs {
  readonly #world: World;
  readonly #emit: Emit;
  readonly #ends = new Map<number, (job: Mutable<Job>) => void>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(world: World, emit: Emit) {
    this.#world = world;
    this.#emit = emit;
  }

  start(
    kind: JobKind,
    title: string,
    datasetId: number | null,
    total: number,
    unit: string,
    end: (job: Mutable<Job>) => void,
  ): Job {
    const job: Mutable<Job> = {
      id: this.#world.nextId++,
      kind,
      title,
      datasetId,
      state: 'queued',
      done: 0,
      total,
      unit,
      rate: null,
      etaSeconds: null,
      error: null,
      logTail: [],
      createdAt: Date.now(),
      startedAt: null,
      finishedAt: null,
      summary: {},
      canContinue: false,
    };
    this.#world.jobs.set(job.id, job);
    this.#ends.set(job.id, end);
    this.#changed(job);
    this.#timer ??= setInterval(() => this.#tick(), 200);
    return { ...job };
  }

  set(id: number, state: 'paused' | 'cancelled' | 'queued'): Job {
    const job = this.#world.jobs.get(id);
    if (job === undefined) throw new Error(`no job ${id}`);
    job.state = state;
    job.canContinue = state !== 'queued';
    if (state === 'cancelled') job.finishedAt = Date.now();
    this.#changed(job);
    this.#timer ??= setInterval(() => this.#tick(), 200);
    return { ...job };
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #changed(job: Job): void {
    this.#emit('job.changed', { ...job });
  }

  #tick(): void {
    const jobs = [...this.#world.jobs.values()];
    const job = jobs.find((one) => one.state === 'running') ?? jobs.find((one) => one.state === 'queued');
    if (job === undefined) {
      this.close();
      return;
    }
    const total = job.total ?? 100;
    const step = Math.max(1, Math.ceil(total / 40));
    if (job.state === 'queued') {
      job.state = 'running';
      job.startedAt ??= Date.now();
    }
    job.done = Math.min(total, job.done + step);
    job.rate = step * 5;
    job.etaSeconds = (total - job.done) / job.rate;
    if (job.done === total) {
      job.state = 'done';
      job.finishedAt = Date.now();
      job.rate = null;
      job.etaSeconds = null;
      this.#ends.get(job.id)?.(job);
    }
    this.#changed(job);
  }
}
