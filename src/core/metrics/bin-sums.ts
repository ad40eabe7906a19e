import type { FoldedPairs } from './fold-chooser.ts';

/**
 * Weights of pairs by bin, the bins in the order in which growing thresholds reach them: [2, bins], first the pairs of
 * one person. Small, so that it stays in the nearest cache while thousands of resamples go through it.
 */
export type BinSums = Int32Array;

/** What sums a list of pairs into bins, and takes the pairs of one fold out again and puts them back. */
export interface Binner {
  /** All pairs, by the bin of each; those whose weight is 0 may have any. No branch on it: adding 0 is quicker. */
  readonly sum: (bin: Uint16Array, weights: Int32Array, into: BinSums) => void;
  /** Adds `times` the pairs of a fold. */
  readonly addFold: (
    fold: number,
    times: 1 | -1,
    bin: Uint16Array,
    weights: Int32Array,
    into: BinSums,
  ) => void;
}

export function binner({ same, folds: { of, count } }: FoldedPairs): Binner {
  const n = of.length;
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < n; i++) starts[(of[i] ?? 0) + 1] = (starts[(of[i] ?? 0) + 1] ?? 0) + 1;
  for (let fold = 0; fold < count; fold++) starts[fold + 1] = (starts[fold + 1] ?? 0) + (starts[fold] ?? 0);
  /** Pairs by fold. */
  const pairs = Int32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (of[a] ?? 0) - (of[b] ?? 0) || a - b,
  );
  return {
    sum: (bin, weights, into) => {
      const bins = into.length >> 1;
      into.fill(0);
      for (let i = 0; i < n; i++) {
        const place = (1 - (same[i] ?? 0)) * bins + (bin[i] ?? 0);
        into[place] = (into[place] ?? 0) + (weights[i] ?? 0);
      }
    },
    addFold: (fold, times, bin, weights, into) => {
      const bins = into.length >> 1;
      const end = starts[fold + 1] ?? 0;
      for (let at = starts[fold] ?? 0; at < end; at++) {
        const i = pairs[at] ?? 0;
        const place = (1 - (same[i] ?? 0)) * bins + (bin[i] ?? 0);
        into[place] = (into[place] ?? 0) + times * (weights[i] ?? 0);
      }
    },
  };
}
