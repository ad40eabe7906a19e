import { type BinnedWeights, type ProtocolRule, sumBins } from './fold-chooser.ts';
import { ascending } from './verification.ts';

const steps = 1000;
/** How many tables of bins are kept: in a bootstrap the extremes of the training folds change between few values. */
const keptTables = 64;

/** The i-th of 1,000 thresholds from just above the lowest score to the highest, i from 0. */
export function facexThreshold(low: number, high: number, i: number): number {
  return low + ((high - low) / steps) * (i + 1);
}

/**
 * FaceX-Zoo's rule: 1,000 thresholds over the cosines of the training folds, the first with the largest TPR − FPR
 * there; accepted above, refused below, and what equals the threshold is wrong either way. A rate whose kind the
 * training folds lack counts as 0. In double precision throughout, where its code has single precision in parts.
 */
export const facexRule: ProtocolRule = {
  right: (score, same, threshold) => (same ? score > threshold : score < threshold),
  chooser: ({ scores, same }, folds) => {
    const n = scores.length;
    const order = ascending(scores);
    const bins = steps + 1; // the last: above every threshold
    const size = (folds.count + 1) * bins;
    const sums: BinnedWeights = { same: new Float64Array(size), other: new Float64Array(size) };
    const scoreAt = (place: number): number => scores[order[place] ?? 0] ?? 0;

    const tables = new Map<string, Uint16Array>();
    /** By pair: the first of the thresholds between two places of the order that the pair is not above. */
    const tableOf = (first: number, last: number): Uint16Array => {
      const key = `${first} ${last}`;
      const known = tables.get(key);
      if (known) return known;
      const [low, high] = [scoreAt(first), scoreAt(last)];
      const table = new Uint16Array(n);
      let bin = 0;
      for (let place = first; place <= last; place++) {
        while (bin < steps && scoreAt(place) > facexThreshold(low, high, bin)) bin++;
        table[order[place] ?? 0] = bin;
      }
      if (tables.size >= keptTables) tables.clear();
      tables.set(key, table);
      return table;
    };

    /** Places in the order of the lowest and the highest pair that is drawn outside of a fold. */
    const extremes = (weights: ArrayLike<number>, fold: number): readonly [number, number] | null => {
      const counts = (place: number): boolean => {
        const pair = order[place] ?? 0;
        return folds.of[pair] !== fold && (weights[pair] ?? 0) > 0;
      };
      let first = 0;
      while (first < n && !counts(first)) first++;
      if (first === n) return null;
      let last = n - 1;
      while (!counts(last)) last--;
      return [first, last];
    };

    return (weights, thresholds) => {
      let summed: Uint16Array | null = null;
      for (let fold = 0; fold < folds.count; fold++) {
        const ends = extremes(weights, fold);
        if (ends === null) {
          thresholds[fold] = Number.NaN;
          continue;
        }
        const table = tableOf(...ends);
        if (table !== summed) {
          // Pairs of the fold itself may lie outside of the table's range; they fall out below, whatever their bins.
          sumBins(folds, same, table, weights, sums);
          summed = table;
        }
        const best = widest(sums, fold, folds.count, bins);
        thresholds[fold] = facexThreshold(scoreAt(ends[0]), scoreAt(ends[1]), best);
      }
    };
  },
};

/** The first threshold with the largest TPR − FPR outside of `fold`. */
function widest({ same, other }: BinnedWeights, fold: number, folds: number, bins: number): number {
  const [own, all] = [fold * bins, folds * bins];
  let [positives, negatives] = [0, 0];
  for (let i = 0; i < bins; i++) {
    positives += (same[all + i] ?? 0) - (same[own + i] ?? 0);
    negatives += (other[all + i] ?? 0) - (other[own + i] ?? 0);
  }
  let [accepted, wrong] = [positives, negatives];
  let [best, chosen] = [Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i + 1 < bins; i++) {
    accepted -= (same[all + i] ?? 0) - (same[own + i] ?? 0);
    wrong -= (other[all + i] ?? 0) - (other[own + i] ?? 0);
    const gap = (positives === 0 ? 0 : accepted / positives) - (negatives === 0 ? 0 : wrong / negatives);
    if (gap <= best) continue;
    best = gap;
    chosen = i;
  }
  return chosen;
}
