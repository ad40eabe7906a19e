import { SvelteMap } from 'svelte/reactivity';
import { type Topic, topics } from '../../core/contract/api.ts';

const pause = 250; // milliseconds in which changes are gathered, so that a running job does not reload views all the time

/** Which parts of the data have changed: views read a version, and load again when it rises. */
export class Live {
  readonly #versions = new SvelteMap<Topic, number>(topics.map((topic) => [topic, 0]));
  readonly #waiting = new Set<Topic>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Sum of the versions; reading it in an effect makes the effect run again. */
  version(...of: readonly Topic[]): number {
    return of.reduce((sum, topic) => sum + (this.#versions.get(topic) ?? 0), 0);
  }

  changed(which: readonly Topic[]): void {
    for (const topic of which) this.#waiting.add(topic);
    this.#timer ??= setTimeout(() => this.flush(), pause);
  }

  /** Tells views at once. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const topic of this.#waiting) this.#versions.set(topic, (this.#versions.get(topic) ?? 0) + 1);
    this.#waiting.clear();
  }

  everything(): void {
    this.changed(topics);
    this.flush();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
