import { type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Client } from '../../core/contract/api.ts';
import type { Job } from '../../core/contract/jobs.ts';
import type { Sample } from '../../core/contract/sample.ts';

/** The sample project as it stands, kept up to date by events once it was asked for. */
export class SampleState {
  /** Null until it was loaded. */
  value = $state.raw<Sample | null>(null);
  error = $state.raw<ErrorInfo | null>(null);
  readonly #client: Client;
  readonly #ended: (sample: Sample) => void;
  /** Grows with everything newer than an answer under way: events overtake answers. */
  #news = 0;

  /** `ended` is told when it is done or has failed, while somebody looks on. */
  constructor(client: Client, ended: (sample: Sample) => void) {
    this.#client = client;
    this.#ended = ended;
  }

  async load(): Promise<void> {
    const news = ++this.#news;
    try {
      const value = await this.#client.call('sample.get', {});
      if (news !== this.#news) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (news === this.#news) this.error = toErrorInfo(thrown);
    }
  }

  changed(sample: Sample): void {
    this.#news++;
    const ran = this.value?.state === 'running';
    this.value = sample;
    this.error = null;
    if (ran && (sample.state === 'done' || sample.state === 'failed')) this.#ended(sample);
  }

  /** It is a step of the sample project, which says itself how it goes. */
  owns(job: Job): boolean {
    return this.value?.state === 'running' && this.value.job === job.id;
  }
}
