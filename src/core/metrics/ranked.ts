import { checkPairs, type PairScores, type ScoreKind, signOf } from './pair-scores.ts';

/**
 * Pairs sorted once, for every figure that is read off a threshold. A pair is accepted where it is strictly more alike
 * than the threshold. Inside, pairs are placed by how unlike they are (squared distance, or minus the cosine), so that
 * the most alike come first.
 */
export interface RankedPairs {
  readonly kind: ScoreKind;
  /** Unlikeness of the pairs of one person, ascending. */
  readonly same: Float64Array;
  /** Of two people, ascending. */
  readonly others: Float64Array;
}

/** Errors: `metrics/bad-score` for a score that is no number. */
export function rankPairs(pairs: PairScores, kind: ScoreKind = 'cosine'): RankedPairs {
  checkPairs(pairs);
  const { scores, same } = pairs;
  let positives = 0;
  for (let i = 0; i < same.length; i++) if (same[i] === 1) positives++;
  const one = new Float64Array(positives);
  const two = new Float64Array(scores.length - positives);
  let [a, b] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const unlike = unlikeness(scores[i] ?? 0, kind);
    if (same[i] === 1) one[a++] = unlike;
    else two[b++] = unlike;
  }
  return { kind, same: one.sort(), others: two.sort() };
}

/** A score as unlikeness, and an unlikeness as score again. Never −0, which prints badly. */
export function unlikeness(score: number, kind: ScoreKind): number {
  return -signOf(kind) * score + 0;
}

/** How many of `sorted` (ascending) are below `value`. */
export function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A group of pairs with one and the same score, and what lies before it. */
export interface Tie {
  readonly unlike: number;
  /** Pairs that are more alike than this group. */
  readonly sameBefore: number;
  readonly othersBefore: number;
  /** Pairs of this group. */
  readonly same: number;
  readonly others: number;
}

/** Walks the distinct scores from the most alike on, until `visit` returns false. */
export function walkTies({ same, others }: RankedPairs, visit: (tie: Tie) => boolean | undefined): void {
  let [a, b] = [0, 0];
  while (a < same.length || b < others.length) {
    const unlike = Math.min(same[a] ?? Number.POSITIVE_INFINITY, others[b] ?? Number.POSITIVE_INFINITY);
    const [sameBefore, othersBefore] = [a, b];
    while (a < same.length && same[a] === unlike) a++;
    while (b < others.length && others[b] === unlike) b++;
    const going = visit({ unlike, sameBefore, othersBefore, same: a - sameBefore, others: b - othersBefore });
    if (going === false) return;
  }
}
