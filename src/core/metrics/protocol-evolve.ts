import { type BinnedWeights, type ProtocolRule, sumBins } from './fold-chooser.ts';

/** 0, 0.01 … 3.99: squared distances of unit vectors are at most 4. The numbers of NumPy's `arange(0, 4, 0.01)`. */
export const evolveThresholds: Float64Array = Float64Array.from({ length: 400 }, (_, i) => i * 0.01);

/** The first of `thresholds` (ascending) that is above `distance`: from there on the pair is accepted. */
export function firstAbove(thresholds: Float64Array, distance: number): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (distance < (thresholds[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * face.evoLVe's rule: of 400 thresholds of squared distance the first with the highest accuracy on the training folds;
 * a pair is one person where its distance is below the threshold, strictly.
 */
export const evolveRule: ProtocolRule = {
  right: (distance, same, threshold) => distance < threshold === same,
  chooser: ({ scores, same }, folds) => {
    const count = evolveThresholds.length;
    const bins = count + 1; // the last: never accepted
    const bin = Uint16Array.from({ length: scores.length }, (_, i) =>
      firstAbove(evolveThresholds, scores[i] ?? 0),
    );
    const size = (folds.count + 1) * bins;
    const sums: BinnedWeights = { same: new Float64Array(size), other: new Float64Array(size) };
    return (weights, thresholds) => {
      sumBins(folds, same, bin, weights, sums);
      const all = folds.count * bins;
      for (let fold = 0; fold < folds.count; fold++) {
        const own = fold * bins;
        const trainOf = (kind: Float64Array, i: number): number =>
          (kind[all + i] ?? 0) - (kind[own + i] ?? 0);
        let right = 0;
        let total = 0;
        for (let i = 0; i < bins; i++) {
          right += trainOf(sums.other, i); // below all: everything is refused
          total += trainOf(sums.other, i) + trainOf(sums.same, i);
        }
        let best = -1;
        let chosen = Number.NaN;
        for (let i = 0; i < count; i++) {
          right += trainOf(sums.same, i) - trainOf(sums.other, i);
          if (right <= best) continue;
          best = right;
          chosen = evolveThresholds[i] ?? 0;
        }
        thresholds[fold] = total === 0 ? Number.NaN : chosen;
      }
    };
  },
};
