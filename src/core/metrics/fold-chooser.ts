import { assert } from '../base/assert.ts';
import type { Folds } from './folds.ts';
import { checkPairs, type PairScores, type ScoreKind } from './pair-scores.ts';

/** Pairs as the protocols' loops read them: one kind of array each, which is what makes them fast. */
export interface FoldedPairs {
  readonly scores: Float64Array;
  /** 1 where both are one person, else 0. */
  readonly same: Uint8Array;
  readonly folds: Folds;
}

/** Errors: `metrics/bad-score` for a score that is no number. */
export function foldedPairs(pairs: PairScores, folds: Folds): FoldedPairs {
  checkPairs(pairs);
  return {
    scores: Float64Array.from(pairs.scores),
    same: Uint8Array.from(pairs.same, (one) => (one === 1 ? 1 : 0)),
    folds,
  };
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

/**
 * Weights of pairs by kind, fold and bin, the bins in the order in which growing thresholds reach them:
 * [2, folds + 1, bins], first those of one person; the last row of either is for all folds together.
 */
export interface BinnedWeights {
  readonly bins: number;
  /** Where the pairs of two people begin. */
  readonly half: number;
  readonly sums: Float64Array;
}

export function binnedWeights(folds: number, bins: number): BinnedWeights {
  const half = (folds + 1) * bins;
  return { bins, half, sums: new Float64Array(2 * half) };
}

/**
 * Sums weights by fold and bin into `into`; pairs whose weight is 0 may have any bin. With `outside`, only the last rows
 * are written, for all pairs that are not of that fold. No branch on what is random: that would take longer than adding 0.
 */
export function sumBins(
  { same, folds: { of, count } }: FoldedPairs,
  bin: Uint16Array,
  weights: Int32Array,
  { bins, half, sums }: BinnedWeights,
  outside = -1,
): void {
  assert(half === (count + 1) * bins, `${half} sums for ${count} folds`);
  sums.fill(0);
  const all = count * bins;
  for (let i = 0; i < of.length; i++) {
    const fold = of[i] ?? 0;
    if (fold === outside) continue;
    const weight = weights[i] ?? 0;
    const place = (1 - (same[i] ?? 0)) * half + (bin[i] ?? 0);
    sums[place + all] = (sums[place + all] ?? 0) + weight;
    if (outside >= 0) continue;
    const own = place + fold * bins;
    sums[own] = (sums[own] ?? 0) + weight;
  }
}
