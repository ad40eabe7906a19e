import { type BinSums, binner } from './bin-sums.ts';
import type { ProtocolRule } from './fold-chooser.ts';

/** 0, 0.01 … 3.99: squared distances of unit vectors are at most 4. The numbers of NumPy's `arange(0, 4, 0.01)`. */
const tried: Float64Array = Float64Array.from({ length: 400 }, (_, i) => i * 0.01);

/** The first of the thresholds that is above `distance`: from there on the pair is accepted. 400 for none. */
function firstAbove(distance: number): number {
  let [low, high] = [0, tried.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (distance < (tried[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * face.evoLVe's rule: of 400 thresholds of squared distance the first with the highest accuracy on the training folds;
 * a pair is one person where its distance is below the threshold, strictly.
 */
export const evolveRule: ProtocolRule = {
  kind: 'squared-distance',
  tiesWrong: false,
  chooser: (pairs) => {
    const { count } = pairs.folds;
    const bin = Uint16Array.from(pairs.scores, firstAbove);
    const sums: BinSums = new Int32Array(2 * (tried.length + 1));
    const { sum, addFold } = binner(pairs);
    return (weights, thresholds) => {
      sum(bin, weights, sums);
      for (let fold = 0; fold < count; fold++) {
        addFold(fold, -1, bin, weights, sums);
        thresholds[fold] = firstBest(sums);
        addFold(fold, 1, bin, weights, sums);
      }
    };
  },
};

/** The first threshold with most right; NaN where there are no pairs. */
function firstBest(sums: BinSums): number {
  const bins = tried.length + 1; // the last: above all thresholds
  let right = 0; // more than where everything is refused
  let best = Number.NEGATIVE_INFINITY;
  let chosen = 0;
  let total = 0;
  for (let i = 0; i < bins; i++) {
    const accepted = sums[i] ?? 0;
    const wrong = sums[bins + i] ?? 0;
    total += accepted + wrong;
    right += accepted - wrong;
    if (right <= best || i + 1 === bins) continue;
    best = right;
    chosen = i;
  }
  return total === 0 ? Number.NaN : (tried[chosen] ?? 0);
}
