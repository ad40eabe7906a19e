import { assert } from '../base/assert.ts';
import { foldedPairs } from './fold-chooser.ts';
import { foldSums } from './fold-right.ts';
import { standardRule } from './protocol-standard.ts';
import { rankPairs } from './ranked.ts';
import { aucOf } from './separation.ts';
import { tarAt } from './tar-at-far.ts';

/**
 * Verification as training and the sample report it: whether two pictures show one person, by a score that is larger the
 * more they are alike (cosines). Benchmarks are evaluated by protocols (`protocols.ts`).
 * A pair is accepted where its score is above the threshold and refused where it is below; a score that is the threshold
 * counts as wrong either way, as in FaceX-Zoo.
 */

/** Pairs in the order of the protocol: folds are contiguous parts of it. */
export interface ScoredPairs {
  readonly scores: ArrayLike<number>;
  /** 1 where both are one person. */
  readonly same: ArrayLike<number>;
}

export interface FoldResult {
  /** Share of the fold that is right. */
  readonly accuracy: number;
  /** Chosen on the other folds. */
  readonly threshold: number;
}

export interface Verification {
  /** Mean over the folds, 0..1. */
  readonly accuracy: number;
  /** Standard deviation between folds (n − 1). */
  readonly deviation: number;
  /** Mean of the folds' thresholds. */
  readonly threshold: number;
}

/** Accuracy by `folds` contiguous folds (LFW's protocol, Huang et al. 2007); fewer where there are fewer pairs. */
export function verify(pairs: ScoredPairs, folds = 10): Verification {
  const results = foldResults(pairs, folds);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const accuracy = mean(results.map((fold) => fold.accuracy));
  const squares = results.reduce((sum, fold) => sum + (fold.accuracy - accuracy) ** 2, 0);
  return {
    accuracy,
    deviation: Math.sqrt(squares / Math.max(1, results.length - 1)),
    threshold: mean(results.map((fold) => fold.threshold)),
  };
}

/** Each fold by the threshold that is best on all others. At least two pairs; every score is a number. */
export function foldResults(pairs: ScoredPairs, folds = 10): readonly FoldResult[] {
  const n = pairs.scores.length;
  assert(n >= 2 && pairs.same.length === n && folds >= 2, `${n} pairs in ${folds} folds`);
  const count = Math.min(folds, n);
  const of = new Int32Array(n);
  for (let fold = 0; fold < count; fold++) of.fill(fold, Math.floor((fold * n) / count));
  const sumsOf = foldSums(foldedPairs(pairs, { count, of }), { ...standardRule, tiesWrong: true });
  const { rights, totals, thresholds } = sumsOf(new Int32Array(n).fill(1));
  return Array.from(rights, (right, fold) => ({
    accuracy: right / (totals[fold] ?? 0),
    threshold: thresholds[fold] ?? 0,
  }));
}

/**
 * Share of the same-person pairs that are accepted where at most `far` of the others are (`tarAt`). Null where there are
 * too few others to tell (less than one at this rate), or none of the same person.
 */
export function tarAtFar(pairs: ScoredPairs, far: number): number | null {
  return tarAt(rankPairs(pairs), far).tar;
}

/** False accept rates by powers of ten, with what is accepted at each, as far as the number of pairs supports them. */
export function tarCurve(
  pairs: ScoredPairs,
  rates: readonly number[] = [1e-1, 1e-2, 1e-3],
): readonly (readonly [far: number, tar: number])[] {
  const ranked = rankPairs(pairs);
  return rates.flatMap((far) => {
    const { tar } = tarAt(ranked, far);
    return tar === null ? [] : [[far, tar] as const];
  });
}

/** Area under the ROC curve (`aucOf`); ½ where one kind is missing. */
export function areaUnderCurve(pairs: ScoredPairs): number {
  return aucOf(rankPairs(pairs)) ?? 0.5;
}
