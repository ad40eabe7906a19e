import { assert } from '../base/assert.ts';
import type { Identification } from './identification.ts';
import { allowedAccepts, farRates } from './tar-at-far.ts';
import { outside } from './threshold.ts';

/** Detection and identification rate at a false positive identification rate. */
export interface DirAtFar {
  readonly rate: number;
  /** Share of the mated probes that are found: within the rank and above the threshold. Null: not measurable. */
  readonly dir: number | null;
  /** Share of the unmated probes for which somebody is found; at most the rate. */
  readonly far: number | null;
  readonly threshold: number | null;
}

/**
 * Open set identification (NIST's DIR or TPIR at FPIR): the threshold is the lowest that answers at most `rate` of the
 * unmated probes with anybody, an answer being an entry strictly above it. A mated probe is found where its mate is
 * above the threshold and its rank is at most `rank`. Not measurable below 1/unmated.
 */
export function dirAtFar(
  { ranks, mate, rival, mated, unmated }: Identification,
  rates: readonly number[] = farRates,
  rank = 1,
): readonly DirAtFar[] {
  assert(rank >= 1, `rank ${rank}`);
  const alarms = rival
    .flatMap((other, probe) => (Number.isNaN(mate[probe]) ? [other?.score ?? Number.NEGATIVE_INFINITY] : []))
    .toSorted((a, b) => b - a);
  return rates.map((rate) => {
    const allowed = allowedAccepts(rate, unmated);
    if (allowed < 1 || mated === 0) return { rate, dir: null, far: null, threshold: null };
    const bar = alarms[allowed] ?? Number.NEGATIVE_INFINITY; // an empty gallery alarms nobody
    const threshold = Number.isFinite(bar) ? bar : lowest([...alarms, ...mate]);
    let found = 0;
    ranks.forEach((reached, probe) => {
      if (reached >= 1 && reached <= rank && (mate[probe] ?? 0) > threshold) found++;
    });
    const wrong = alarms.filter((score) => score > threshold).length;
    return { rate, dir: found / mated, far: wrong / unmated, threshold };
  });
}

/** A threshold below all scores. */
function lowest(scores: readonly number[]): number {
  const least = scores.reduce((low, score) => (Number.isFinite(score) ? Math.min(low, score) : low), 0);
  return least - outside(least);
}
