import { type BinnedWeights, binnedWeights, type ProtocolRule, sumBins } from './fold-chooser.ts';

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
    const sums = binnedWeights(count, tried.length + 1);
    return (weights, thresholds) => {
      sumBins(pairs, bin, weights, sums);
      for (let fold = 0; fold < count; fold++) thresholds[fold] = firstBest(sums, fold, count);
    };
  },
};

/** The first threshold with most right outside of `fold`; NaN where nothing is outside. */
function firstBest({ sums, half, bins }: BinnedWeights, fold: number, folds: number): number {
  const [own, all] = [fold * bins, folds * bins];
  let right = 0; // more than where everything is refused
  let best = Number.NEGATIVE_INFINITY;
  let chosen = 0;
  let total = 0;
  for (let i = 0; i < bins; i++) {
    const accepted = (sums[all + i] ?? 0) - (sums[own + i] ?? 0);
    const wrong = (sums[half + all + i] ?? 0) - (sums[half + own + i] ?? 0);
    total += accepted + wrong;
    right += accepted - wrong;
    if (right <= best || i + 1 === bins) continue; // the last bin: above all thresholds
    best = right;
    chosen = i;
  }
  return total === 0 ? Number.NaN : (tried[chosen] ?? 0);
}
