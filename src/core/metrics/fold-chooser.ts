import { assert } from '../base/assert.ts';
import type { Folds } from './folds.ts';
import type { ScoreKind } from './pair-scores.ts';

/** Pairs as the protocols' loops read them: one kind of array each, which is what makes them fast. */
export interface FoldedPairs {
  readonly scores: Float64Array;
  /** 1 where both are one person, else 0. */
  readonly same: Uint8Array;
  readonly folds: Folds;
}

/**
 * Chooses, for every fold, the threshold that is best on all other folds, where pair i counts weights[i] times: 1 each
 * for the plain figure, how often it was drawn in a bootstrap. Writes [folds] into `thresholds`; NaN where the other
 * folds hold nothing.
 */
export type ThresholdChooser = (weights: Int32Array, thresholds: Float64Array) => void;

/** What makes a protocol: how thresholds are chosen on training folds, and what is right by them on the test fold. */
export interface ProtocolRule {
  readonly chooser: (pairs: FoldedPairs) => ThresholdChooser;
  readonly kind: ScoreKind;
  /** Whether a pair whose score is the threshold is wrong either way; otherwise it is refused. */
  readonly tiesWrong: boolean;
}

/** Weights of pairs by fold and bin, the bins in the order in which growing thresholds reach them. */
export interface BinnedWeights {
  readonly bins: number;
  /** [folds + 1, bins], the last row for all folds together. */
  readonly same: Float64Array;
  readonly other: Float64Array;
}

export function binnedWeights(folds: number, bins: number): BinnedWeights {
  const size = (folds + 1) * bins;
  return { bins, same: new Float64Array(size), other: new Float64Array(size) };
}

/**
 * Sums weights by fold and bin into `into`; pairs whose weight is 0 may have any bin. With `outside`, only the last row
 * is written, for all pairs that are not of that fold.
 */
export function sumBins(
  { same, folds: { of, count } }: FoldedPairs,
  bin: Uint16Array,
  weights: Int32Array,
  into: BinnedWeights,
  outside = -1,
): void {
  const { bins, same: one, other: two } = into;
  assert(one.length === (count + 1) * bins, `${one.length} sums for ${count} folds`);
  one.fill(0);
  two.fill(0);
  const all = count * bins;
  for (let i = 0; i < of.length; i++) {
    const weight = weights[i] ?? 0;
    const fold = of[i] ?? 0;
    if (weight === 0 || fold === outside) continue;
    const place = bin[i] ?? 0;
    const sums = same[i] === 1 ? one : two;
    sums[all + place] = (sums[all + place] ?? 0) + weight;
    if (outside >= 0) continue;
    const own = fold * bins + place;
    sums[own] = (sums[own] ?? 0) + weight;
  }
}
