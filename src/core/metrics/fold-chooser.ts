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
