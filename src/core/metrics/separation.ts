import { type RankedPairs, unlikeness, walkTies } from './ranked.ts';

/**
 * Area under the ROC curve: how likely a pair of one person is more alike than one of two people, equal scores counted
 * half (Mann and Whitney 1947). Null where one kind is missing.
 */
export function aucOf(ranked: RankedPairs): number | null {
  const [positives, negatives] = [ranked.same.length, ranked.others.length];
  if (positives === 0 || negatives === 0) return null;
  let twice = 0; // twice the number of couples in the right order: whole, so exact below 2^53
  walkTies(ranked, (tie) => {
    twice += tie.same * (2 * (negatives - tie.othersBefore) - tie.others);
    return tie.othersBefore + tie.others < negatives;
  });
  return twice / 2 / (positives * negatives);
}

export interface EqualError {
  /** The error rate, 0..1. */
  readonly rate: number;
  /** The score at which the curve crosses. */
  readonly threshold: number;
}

/**
 * Equal error rate: where false accepts and false rejects are the same share, on the ROC curve drawn with straight lines
 * between its points (the thresholds between distinct scores). Null where one kind is missing.
 */
export function equalError(ranked: RankedPairs): EqualError | null {
  const [positives, negatives] = [ranked.same.length, ranked.others.length];
  if (positives === 0 || negatives === 0) return null;
  let found: EqualError | null = null;
  walkTies(ranked, (tie) => {
    const rate = crossing(tie.sameBefore, tie.othersBefore, tie.same, tie.others, positives, negatives);
    if (rate === null) return true;
    found = { rate, threshold: unlikeness(tie.unlike, ranked.kind) };
    return false;
  });
  return found;
}

/**
 * The equal error rate if it lies on the stretch of the curve that accepts `same` and `others` more pairs than the
 * `sameBefore` and `othersBefore` it starts with; null if the stretch ends before.
 */
export function crossing(
  sameBefore: number,
  othersBefore: number,
  same: number,
  others: number,
  positives: number,
  negatives: number,
): number | null {
  // FAR − FRR = others/negatives + same/positives − 1, times both counts: whole numbers
  const whole = positives * negatives;
  const before = othersBefore * positives + sameBefore * negatives;
  const gained = others * positives + same * negatives;
  if (before + gained < whole || gained === 0) return null;
  return (othersBefore + ((whole - before) / gained) * others) / negatives;
}

/**
 * d′: the distance of the two kinds' mean scores in units of the root of their mean variance (÷ n). Null where a kind
 * is missing or nothing varies.
 */
export function dPrime({ same, others }: RankedPairs): number | null {
  if (same.length === 0 || others.length === 0) return null;
  const [one, two] = [moments(same), moments(others)];
  const spread = Math.sqrt((one.variance + two.variance) / 2);
  return spread === 0 ? null : (two.mean - one.mean) / spread;
}

function moments(values: Float64Array): { readonly mean: number; readonly variance: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, variance: squares / values.length };
}
