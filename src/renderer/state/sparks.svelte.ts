import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../core/contract/api.ts';
import type { Run } from '../../core/contract/runs.ts';

const points = 48; // numbers of a small curve
const atOnce = 3; // loads under way
const stale = 0.03; // share of the steps after which a curve is loaded again

/** Small curves of the loss for a list of runs: loaded for what is in view, and again once a run has got further. */
export class Sparks {
  readonly #curves = new SvelteMap<number, readonly number[]>();
  /** Step at which each was loaded. */
  readonly #steps = new Map<number, number>();
  readonly #waiting = new Map<number, Run>();
  readonly #client: Client;
  #loading = 0;
  #closed = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Mean losses in order; NaN where there is none. */
  of(run: number): readonly number[] | undefined {
    return this.#curves.get(run);
  }

  /** Says which runs are in view; others that still wait are not loaded. */
  need(runs: readonly Run[]): void {
    this.#waiting.clear();
    for (const run of runs) {
      const known = this.#steps.get(run.id);
      if (run.step === 0 || known === run.step) continue;
      if (known === undefined || run.step < known || run.step - known >= Math.max(2, run.steps * stale)) {
        this.#waiting.set(run.id, run);
      }
    }
    this.#next();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
  }

  #next(): void {
    while (this.#loading < atOnce) {
      const run = this.#waiting.values().next().value;
      if (run === undefined) return;
      this.#waiting.delete(run.id);
      this.#loading++;
      void this.#load(run).finally(() => {
        this.#loading--;
        if (!this.#closed) this.#next();
      });
    }
  }

  async #load(run: Run): Promise<void> {
    this.#steps.set(run.id, run.step);
    try {
      const series = await this.#client.call('runs.series', { run: run.id, columns: ['loss'], points });
      const losses = series.columns.loss?.mean ?? [];
      if (!this.#closed)
        this.#curves.set(
          run.id,
          losses.map((value) => value ?? Number.NaN),
        );
    } catch {
      // A list without a small curve is still a list: the run's page says what is wrong.
      this.#steps.delete(run.id);
    }
  }
}
