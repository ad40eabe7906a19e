import { Cancelled, type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Client } from '../../core/contract/api.ts';
import type { RunPoints } from '../../core/contract/runs.ts';
import { append, frameOf, type RunFrame } from './run-frame.ts';
import { debounce, throttle } from './throttle.ts';

const settle = 90; // milliseconds without another zoom before the part in view is asked for
const between = 1000; // milliseconds between two loads of everything

/**
 * The metrics of a run for charts: everything at the charts' width, the part in view at the same width once it is
 * zoomed into, and every step as it is taken.
 */
export class RunSeries {
  readonly run: number;
  /** Rises with every change of the frames. */
  version = $state(0);
  error = $state.raw<ErrorInfo | null>(null);
  #whole: RunFrame | null = null;
  #part: RunFrame | null = null;
  #points = 1000;
  readonly #client: Client;
  readonly #loading = { whole: null as AbortController | null, part: null as AbortController | null };
  readonly #again = throttle(() => void this.#load('whole', 0, Number.POSITIVE_INFINITY), between);
  readonly #look = debounce((from: number, to: number) => void this.#load('part', from, to), settle);

  constructor(client: Client, run: number) {
    this.#client = client;
    this.run = run;
  }

  /** Everything there is. */
  get whole(): RunFrame | null {
    this.version;
    return this.#whole;
  }

  /** The finest there is for these steps. */
  best(from: number, to: number): RunFrame | null {
    this.version;
    const part = this.#part;
    return part !== null && part.from <= from && part.to >= to ? part : this.#whole;
  }

  /** Loads everything, drawn together to about `points` numbers a column. */
  load(points: number): void {
    this.#points = points;
    this.#again.call();
  }

  /** What is in view, in steps; null: everything. Twice as much is asked for, so that moving along shows something. */
  look(range: readonly [number, number] | null): void {
    const whole = this.#whole;
    if (range === null || whole === null || whole.every <= 1) {
      this.#look.stop();
      this.#part = null;
      return;
    }
    const room = Math.max(8, (range[1] - range[0]) / 2);
    const inside = this.best(...range) !== whole;
    const fine =
      inside && (this.#part?.every ?? 0) <= Math.max(1, (range[1] - range[0]) / (this.#points / 2));
    if (!fine) this.#look.call(Math.max(0, Math.floor(range[0] - room)), Math.ceil(range[1] + room));
  }

  /** Steps that were just taken. */
  append(points: RunPoints): void {
    if (points.run !== this.run || this.#whole === null) return;
    const joined = append(this.#whole, points);
    // The lists are the same ones; a frame of its own tells what was made of it that it has changed.
    this.#whole = { ...this.#whole };
    if (this.#part !== null && this.#part.to >= this.#part.end) {
      append(this.#part, points);
      this.#part = { ...this.#part };
    }
    this.version++;
    if (!joined || this.#whole.steps.length > 3 * this.#points + 500) this.#again.call();
  }

  close(): void {
    this.#again.stop();
    this.#look.stop();
    this.#loading.whole?.abort();
    this.#loading.part?.abort();
  }

  async #load(which: 'whole' | 'part', from: number, to: number): Promise<void> {
    this.#loading[which]?.abort();
    const controller = new AbortController();
    this.#loading[which] = controller;
    const points = which === 'whole' ? this.#points : this.#points * 2;
    try {
      const series = await this.#client.call(
        'runs.series',
        { run: this.run, from, to: Number.isFinite(to) ? to : null, points },
        { signal: controller.signal },
      );
      if (this.#loading[which] !== controller) return;
      const frame = frameOf(series, from, to);
      if (which === 'whole') this.#whole = frame;
      else this.#part = frame;
      this.error = null;
      this.version++;
    } catch (thrown) {
      if (this.#loading[which] !== controller || thrown instanceof Cancelled) return;
      this.error = toErrorInfo(thrown);
    }
  }
}
