import { assert } from '../base/assert.ts';
import type { Folds } from './folds.ts';
import type { PairScores } from './pair-scores.ts';

/**
 * Chooses, for every fold, the threshold that is best on all other folds, where pair i counts weights[i] times: 1 each
 * for the plain figure, how often it was drawn in a bootstrap. Writes [folds] into `thresholds`; NaN where the other
 * folds hold nothing.
 */
export type ThresholdChooser = (weights: ArrayLike<number>, thresholds: Float64Array) => void;

/** Whether a pair of this score and kind is on its right side of a threshold. */
export type RightSide = (score: number, same: boolean, threshold: number) => boolean;

/** What makes a protocol: how thresholds are chosen on training folds, and what is right by them on the test fold. */
export interface ProtocolRule {
  readonly chooser: (pairs: PairScores, folds: Folds) => ThresholdChooser;
  readonly right: RightSide;
}

/** Weights of pairs by fold and bin, the bins in the order in which growing thresholds reach them. */
export interface BinnedWeights {
  /** [folds + 1, bins], the last row for all folds together. */
  readonly same: Float64Array;
  readonly other: Float64Array;
}

/** Sums weights by fold and bin into `into`; pairs whose weight is 0 may have any bin. */
export function sumBins(
  { of, count }: Folds,
  same: ArrayLike<number>,
  bin: ArrayLike<number>,
  weights: ArrayLike<number>,
  into: BinnedWeights,
): void {
  into.same.fill(0);
  into.other.fill(0);
  const bins = into.same.length / (count + 1);
  assert(Number.isInteger(bins), `${into.same.length} sums for ${count} folds`);
  const all = count * bins;
  for (let i = 0; i < of.length; i++) {
    const weight = weights[i] ?? 0;
    if (weight === 0) continue;
    const sums = same[i] === 1 ? into.same : into.other;
    const place = bin[i] ?? 0;
    const own = (of[i] ?? 0) * bins + place;
    sums[own] = (sums[own] ?? 0) + weight;
    sums[all + place] = (sums[all + place] ?? 0) + weight;
  }
}
