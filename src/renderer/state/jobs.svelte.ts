import type { Client } from '../../core/contract/api.ts';
import type { Job } from '../../core/contract/jobs.ts';
import { isActive } from '../text/words.ts';

/** Every job, kept up to date by events. */
export class Jobs {
  list = $state.raw<readonly Job[]>([]);
  open = $state(false);
  /** What a screen reader is told when a job ends. */
  announcement = $state('');
  readonly active = $derived(this.list.filter(isActive));
  readonly #client: Client;
  readonly #ended: (job: Job) => void;

  constructor(client: Client, ended: (job: Job) => void) {
    this.#client = client;
    this.#ended = ended;
  }

  async load(): Promise<void> {
    this.list = sorted(await this.#client.call('jobs.list', {}));
  }

  changed(job: Job): void {
    const before = this.list.find((other) => other.id === job.id);
    this.list = sorted([job, ...this.list.filter((other) => other.id !== job.id)]);
    const wasActive = before === undefined || isActive(before);
    if (wasActive && (job.state === 'done' || job.state === 'failed')) {
      this.announcement = `${job.title}: ${job.state === 'done' ? 'done' : 'failed'}`;
      this.#ended(job);
    }
  }

  /** The newest unfinished job of that kind for the dataset. */
  of(dataset: number, kind: Job['kind']): Job | undefined {
    return this.list.find(
      (job) =>
        job.datasetId === dataset &&
        job.kind === kind &&
        (isActive(job) || job.state === 'paused' || job.state === 'failed'),
    );
  }

  pause(job: Job): Promise<void> {
    return this.#client.call('jobs.pause', { job: job.id });
  }

  cancel(job: Job): Promise<void> {
    return this.#client.call('jobs.cancel', { job: job.id });
  }

  async resume(job: Job): Promise<void> {
    this.changed(await this.#client.call('jobs.continue', { job: job.id }));
  }

  async clear(): Promise<void> {
    await this.#client.call('jobs.clear', {});
    await this.load();
  }
}

const order = { running: 0, queued: 1, paused: 2, failed: 2, done: 2, cancelled: 2 } as const;

/** What runs, then what waits in its order, then the rest, newest first. */
function sorted(jobs: readonly Job[]): readonly Job[] {
  return [...jobs].sort((a, b) => {
    const by = order[a.state] - order[b.state];
    if (by !== 0) return by;
    return a.state === 'queued' ? a.id - b.id : b.id - a.id;
  });
}
