import { assert } from '../base/assert.ts';

/** The learning rate by the step. All of it counts in steps (batches), so that a schedule continues exactly. */
export interface Schedule {
  /** The rate after warming up. */
  readonly base: number;
  readonly decay: Decay;
  /** Steps during which the rate grows by a line from `from`. */
  readonly warmUp: { readonly steps: number; readonly from: number };
  /** Steps of the whole run. */
  readonly total: number;
}

export type Decay =
  | { readonly kind: 'constant' }
  /** Multiplied by `factor` when each of the steps `at` is reached. */
  | { readonly kind: 'step'; readonly at: readonly number[]; readonly factor: number }
  /** Half a cosine from the base to `end` (Loshchilov and Hutter 2017), over what follows the warm-up. */
  | { readonly kind: 'cosine'; readonly end: number }
  /** base·(1 − t)^power + end·(1 − (1 − t)^power), over what follows the warm-up. */
  | { readonly kind: 'polynomial'; readonly power: number; readonly end: number };

/** The learning rate of a step, the first of which is 0. The last step of a warm-up has the base rate. */
export function rateAt({ base, decay, warmUp, total }: Schedule, step: number): number {
  assert(Number.isInteger(step) && step >= 0, `step ${step}`);
  if (step < warmUp.steps) return warmUp.from + ((base - warmUp.from) * (step + 1)) / warmUp.steps;
  const t = Math.min(1, (step - warmUp.steps) / Math.max(1, total - warmUp.steps));
  switch (decay.kind) {
    case 'constant':
      return base;
    case 'step':
      return base * decay.factor ** decay.at.filter((at) => at <= step).length;
    case 'cosine':
      return decay.end + ((base - decay.end) * (1 + Math.cos(Math.PI * t))) / 2;
    case 'polynomial':
      return decay.end + (base - decay.end) * (1 - t) ** decay.power;
  }
}
