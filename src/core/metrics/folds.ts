import { assert } from '../base/assert.ts';
import type { PairScores } from './pair-scores.ts';

/** To which fold each pair belongs. */
export interface Folds {
  readonly count: number;
  /** [pairs], 0…count − 1 */
  readonly of: Int32Array;
}

/**
 * `count` contiguous folds of `n` items; the first n mod count of them have one more (scikit-learn's `KFold`, which
 * face.evoLVe uses; for a multiple of `count` the same as FaceX-Zoo's `index // 600`). No more folds than items.
 */
export function contiguousFolds(n: number, count = 10): Folds {
  assert(Number.isInteger(count) && count >= 1, `${count} folds`);
  const parts = Math.min(count, n);
  const of = new Int32Array(n);
  let start = 0;
  for (let fold = 0; fold < parts; fold++) {
    const end = start + Math.floor(n / parts) + (fold < n % parts ? 1 : 0);
    of.fill(fold, start, end);
    start = end;
  }
  return { count: parts, of };
}

/** The folds that come with the pairs, or contiguous ones. A fold that no pair names is empty. */
export function foldsOf({ scores, folds }: PairScores, count = 10): Folds {
  if (!folds) return contiguousFolds(scores.length, count);
  let last = -1;
  const of = Int32Array.from({ length: scores.length }, (_, i) => {
    const fold = folds[i] ?? -1;
    assert(Number.isInteger(fold) && fold >= 0 && fold < 100_000, `pair ${i} is in fold ${fold}`);
    last = Math.max(last, fold);
    return fold;
  });
  return { count: last + 1, of };
}
