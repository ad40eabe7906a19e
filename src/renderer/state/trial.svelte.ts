import { Cancelled, type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Progress } from '../../core/contract/api.ts';
import type { Trial } from '../../core/contract/training.ts';
import type { App } from './app.svelte.ts';
import type { Json } from './json-tree.ts';

/** How many steps are taken; the first one is slower and is not counted. */
const steps = 4;

/** A few steps of a recipe on the real data, and what they measured. */
export class TrialState {
  /** The last one's, and the very recipe that it was of. */
  last = $state.raw<{ readonly of: Json; readonly result: Trial } | null>(null);
  progress = $state.raw<Progress | null>(null);
  error = $state.raw<ErrorInfo | null>(null);
  #underWay: AbortController | null = $state.raw(null);
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  get underWay(): boolean {
    return this.#underWay !== null;
  }

  /** What was measured of this very recipe; null where it was changed since, or never tried. */
  resultOf(recipe: Json): Trial | null {
    return this.last?.of === recipe ? this.last.result : null;
  }

  async run(recipe: Json): Promise<void> {
    this.stop();
    const mine = new AbortController();
    this.#underWay = mine;
    this.error = null;
    this.progress = null;
    const onProgress = (progress: Progress): void => {
      if (this.#underWay === mine) this.progress = progress;
    };
    try {
      const result = await this.#app.call(
        'training.trial',
        { recipe, steps },
        { signal: mine.signal, onProgress },
      );
      if (this.#underWay === mine) this.last = { of: recipe, result };
    } catch (thrown) {
      if (this.#underWay === mine && !(thrown instanceof Cancelled)) this.error = toErrorInfo(thrown);
    } finally {
      if (this.#underWay === mine) this.#underWay = null;
    }
  }

  stop(): void {
    this.#underWay?.abort();
    this.#underWay = null;
  }

  clear(): void {
    this.stop();
    this.last = null;
    this.error = null;
  }
}
