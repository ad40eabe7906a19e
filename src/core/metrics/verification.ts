import { assert } from '../base/assert.ts';

/**
 * Verification: whether two pictures show one person, by a score that is larger the more they are alike (cosines).
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
export function foldResults({ scores, same }: ScoredPairs, folds = 10): readonly FoldResult[] {
  const n = scores.length;
  assert(n >= 2 && same.length === n && folds >= 2, `${n} pairs in ${folds} folds`);
  const parts = Math.min(folds, n);
  const order = ascending(scores);
  return Array.from({ length: parts }, (_, fold) => {
    const [from, to] = [Math.floor((fold * n) / parts), Math.floor(((fold + 1) * n) / parts)];
    const threshold = bestThreshold(
      { scores, same },
      order.filter((i) => i < from || i >= to),
    );
    let right = 0;
    for (let i = from; i < to; i++) {
      const score = scores[i] ?? 0;
      if (same[i] === 1 ? score > threshold : score < threshold) right++;
    }
    return { accuracy: right / (to - from), threshold };
  });
}

/**
 * The threshold with most of the pairs `order` (ascending by score) on their right side, the lowest where several are
 * as good. Candidates lie in the middle between neighbouring scores, and just outside of the extremes.
 */
function bestThreshold({ scores, same }: ScoredPairs, order: Int32Array): number {
  const margin = 1e-6;
  const at = (i: number): number => scores[order[i] ?? 0] ?? 0;
  let right = order.reduce((sum, i) => sum + (same[i] === 1 ? 1 : 0), 0); // below all: everything is accepted
  let best = { right, threshold: at(0) - margin };
  order.forEach((pair, i) => {
    right += same[pair] === 1 ? -1 : 1;
    const last = i + 1 === order.length;
    if (right <= best.right || (!last && at(i + 1) === at(i))) return;
    best = { right, threshold: last ? at(i) + margin : (at(i) + at(i + 1)) / 2 };
  });
  return best.threshold;
}

/**
 * Share of the same-person pairs that are accepted where at most `far` of the others are: those above the lowest
 * threshold that lets no more through. Null where there are too few others to tell (less than one at this rate), or
 * none of the same person.
 */
export function tarAtFar({ scores, same }: ScoredPairs, far: number): number | null {
  assert(far > 0 && far <= 1, `a false accept rate of ${far}`);
  const others = Float64Array.from(negatives({ scores, same })).sort();
  const allowed = Math.floor(far * others.length + 1e-9);
  const positives = scores.length - others.length;
  if (allowed < 1 || positives === 0) return null;
  const threshold = others[others.length - 1 - allowed] ?? Number.NEGATIVE_INFINITY;
  let accepted = 0;
  for (let i = 0; i < scores.length; i++) if (same[i] === 1 && (scores[i] ?? 0) > threshold) accepted++;
  return accepted / positives;
}

/** False accept rates by powers of ten, with what is accepted at each, as far as the number of pairs supports them. */
export function tarCurve(
  pairs: ScoredPairs,
  rates: readonly number[] = [1e-1, 1e-2, 1e-3],
): readonly (readonly [far: number, tar: number])[] {
  return rates.flatMap((far) => {
    const tar = tarAtFar(pairs, far);
    return tar === null ? [] : [[far, tar] as const];
  });
}

/**
 * Area under the curve of true over false accepts: how likely a same-person pair scores above another, equal scores
 * counted half (Mann and Whitney 1947). ½ where one kind is missing.
 */
export function areaUnderCurve({ scores, same }: ScoredPairs): number {
  const order = ascending(scores);
  let [below, sum, positives] = [0, 0, 0];
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i] ?? 0];
    let [equalSame, equalOther] = [0, 0];
    for (; i < order.length && scores[order[i] ?? 0] === score; i++) {
      if (same[order[i] ?? 0] === 1) equalSame++;
      else equalOther++;
    }
    sum += equalSame * (below + equalOther / 2);
    below += equalOther;
    positives += equalSame;
  }
  return positives === 0 || below === 0 ? 0.5 : sum / (positives * below);
}

/** Indices by ascending score; equal ones in their order. */
export function ascending(scores: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i);
  for (const i of order) assert(Number.isFinite(scores[i]), `score ${i} is a number`);
  return order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
}

function negatives({ scores, same }: ScoredPairs): number[] {
  return Array.from(scores).filter((_, i) => same[i] !== 1);
}
