import { assert } from '../base/assert.ts';
import { countBelow, type RankedPairs, unlikeness } from './ranked.ts';
import { outside } from './threshold.ts';

/** The rates that papers report. */
export const farRates: readonly number[] = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

export interface TarAtFar {
  /** The rate that was asked for. */
  readonly rate: number;
  /** Null where it cannot be measured. */
  readonly tar: number | null;
  /** The share of false accepts that is reached: at most the rate. */
  readonly far: number | null;
  /** Accepted are pairs that are strictly more alike than this. */
  readonly threshold: number | null;
}

/**
 * The most false accepts of `negatives` that are no more than `rate`. Compared as a share, so that a tenth of thirty is
 * three whatever binary fractions make of 0.1·30.
 */
export function allowedAccepts(rate: number, negatives: number): number {
  let allowed = Math.min(negatives, Math.floor(rate * negatives) + 1);
  while (allowed > 0 && allowed / negatives > rate) allowed--;
  return allowed;
}

/**
 * The largest share of true accepts of any threshold whose share of false accepts is at most `rate`. Not measurable,
 * so null, where the rate is below 1/negatives, or there are no pairs of one person.
 */
export function tarAt({ same, others, kind }: RankedPairs, rate: number): TarAtFar {
  assert(rate > 0 && rate <= 1, `a false accept rate of ${rate}`);
  const allowed = allowedAccepts(rate, others.length);
  if (allowed < 1 || same.length === 0) return { rate, tar: null, far: null, threshold: null };
  // The most alike pair of two people that has to be refused; all that are as alike are refused with it.
  const last = Math.max(same.at(-1) ?? 0, others.at(-1) ?? 0);
  const bar = others[allowed] ?? last + outside(last);
  return {
    rate,
    tar: countBelow(same, bar) / same.length,
    far: countBelow(others, bar) / others.length,
    threshold: unlikeness(bar, kind),
  };
}

export function tarTable(ranked: RankedPairs, rates: readonly number[] = farRates): readonly TarAtFar[] {
  return rates.map((rate) => tarAt(ranked, rate));
}
