import { Cancelled, hasCode } from '../../../core/base/errors.ts';
import type {
  EvaluationCurves,
  EvaluationResult,
  OperatingPoint,
} from '../../../core/contract/evaluations.ts';
import type { App } from '../../state/app.svelte.ts';
import { debounce } from '../../state/throttle.ts';
import { leastRate, type Operating, placeFor, readCurve, wishOf } from './operating.ts';

/** A result with its curves, as far as they are here. */
export interface WithCurves {
  readonly result: EvaluationResult;
  readonly curves: EvaluationCurves | null;
}

/** A point with whether it was counted, or read off the drawing. */
export interface ToldPoint extends OperatingPoint {
  readonly exact: boolean;
}

const pause = 60; // milliseconds without a move until exact figures are asked for

/** The operating point of a comparison: figures off the curves while it moves, counted ones once it rests. */
export class OperatingState {
  at = $state.raw<Operating>({ by: 'far', far: 1e-2 });
  #counted = $state.raw<ReadonlyMap<number, { readonly key: string; readonly point: OperatingPoint }>>(
    new Map(),
  );
  readonly #app: App;
  #controller: AbortController | null = null;
  #begun = false;
  readonly #ask = debounce((all: readonly WithCurves[], active: number | null) => {
    void this.#count(all, active);
  }, pause);

  constructor(app: App) {
    this.#app = app;
  }

  /** Where it is for a result of a comparison in which `active` leads. */
  placeOf(one: WithCurves, active: WithCurves | null): Operating {
    if (active === null || active.result.id === one.result.id) return this.at;
    const far =
      active.curves === null
        ? null
        : (readCurve(active.curves, active.result.protocol, this.at)?.far ?? null);
    return placeFor(this.at, one.result.protocol, { protocol: active.result.protocol, far });
  }

  pointOf(one: WithCurves, active: WithCurves | null): ToldPoint | null {
    const place = this.placeOf(one, active);
    const counted = this.#counted.get(one.result.id);
    if (counted?.key === JSON.stringify(place)) return { ...counted.point, exact: true };
    const read = one.curves === null ? null : readCurve(one.curves, one.result.protocol, place);
    return read === null ? null : { ...read, exact: false };
  }

  /** Begins where the curves can tell something, if nobody has moved it yet. */
  begin(all: readonly WithCurves[]): void {
    if (this.#begun) return;
    const least = all.map(({ curves }) => leastRate(curves)).filter((rate) => rate !== null);
    if (least.length === 0) return;
    this.#begun = true;
    if (this.at.by === 'far') this.at = { by: 'far', far: Math.max(this.at.far, ...least) };
  }

  /** Asks for exact figures, once nothing moved for a moment. */
  count(all: readonly WithCurves[], active: number | null): void {
    this.#ask.call(all, active);
  }

  close(): void {
    this.#ask.stop();
    this.#controller?.abort();
  }

  async #count(all: readonly WithCurves[], active: number | null): Promise<void> {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    const leader = all.find(({ result }) => result.id === active) ?? null;
    await Promise.all(
      all.map(async (one) => {
        const place = this.placeOf(one, leader);
        const { id } = one.result;
        try {
          const point = await this.#app.call(
            'evaluations.at',
            { evaluation: id, at: wishOf(place) },
            { signal: controller.signal },
          );
          this.#counted = new Map(this.#counted).set(id, { key: JSON.stringify(place), point });
        } catch (thrown) {
          // Moved on meanwhile, or too few pairs to tell, which is said in its place; the figures of the drawing stay.
          if (thrown instanceof Cancelled || hasCode(thrown, 'evaluation/no-threshold')) return;
          this.#app.toasts.failed(thrown);
        }
      }),
    );
  }
}
