import { type BinSums, binner } from './bin-sums.ts';
import type { FoldedPairs, ProtocolRule } from './fold-chooser.ts';
import { ascending } from './order.ts';

const steps = 1000;
const bins = steps + 1; // the last: above every threshold
/** How many numbers the tables of bins may hold: in a bootstrap the training folds' extremes change between some values. */
const keptNumbers = 1 << 23;

/** The i-th of 1,000 thresholds from a step above the lowest score to the highest, i from 0. */
function thresholdAt(low: number, high: number, i: number): number {
  return low + ((high - low) / steps) * (i + 1);
}

/**
 * FaceX-Zoo's rule: 1,000 thresholds over the cosines of the training folds, the first with the largest TPR − FPR
 * there; accepted above, refused below, and what equals the threshold is wrong either way. A rate whose kind the
 * training folds lack counts as 0. In double precision throughout, where its code has single precision in parts.
 */
export const facexRule: ProtocolRule = {
  kind: 'cosine',
  tiesWrong: true,
  chooser: (pairs) => {
    const { scores, folds } = pairs;
    const order = ascending(scores);
    const sorted = Float64Array.from(order, (pair) => scores[pair] ?? 0);
    const tableOf = binTables(order, sorted);
    const sums: BinSums = new Int32Array(2 * bins);
    const { sum, addFold } = binner(pairs);
    return (weights, thresholds) => {
      let summed: Uint16Array | null = null;
      for (let fold = 0; fold < folds.count; fold++) {
        const ends = extremes(pairs, order, weights, fold);
        if (ends === null) {
          thresholds[fold] = Number.NaN;
          continue;
        }
        // Most folds have the same table, all but those that hold an extreme pair. Pairs of the fold itself may lie
        // outside of its range; they are taken off again, whatever their bins.
        const table = tableOf(...ends);
        if (table !== summed) sum(table, weights, sums);
        summed = table;
        addFold(fold, -1, table, weights, sums);
        thresholds[fold] = thresholdAt(sorted[ends[0]] ?? 0, sorted[ends[1]] ?? 0, widest(sums));
        addFold(fold, 1, table, weights, sums);
      }
    };
  },
};

/** By pair: the first of the thresholds between the scores of two places of the order that the pair is not above. */
function binTables(order: Int32Array, sorted: Float64Array): (first: number, last: number) => Uint16Array {
  const tables = new Map<number, Uint16Array>();
  return (first, last) => {
    const key = first * sorted.length + last;
    const known = tables.get(key);
    if (known) return known;
    const [low, high] = [sorted[first] ?? 0, sorted[last] ?? 0];
    const table = new Uint16Array(sorted.length);
    let bin = 0;
    for (let place = first; place <= last; place++) {
      while (bin < steps && (sorted[place] ?? 0) > thresholdAt(low, high, bin)) bin++;
      table[order[place] ?? 0] = bin;
    }
    if ((tables.size + 1) * sorted.length > keptNumbers) tables.clear();
    tables.set(key, table);
    return table;
  };
}

/** Places in the order of the lowest and the highest pair that counts outside of a fold; null where none does. */
function extremes(
  { folds: { of } }: FoldedPairs,
  order: Int32Array,
  weights: Int32Array,
  fold: number,
): readonly [first: number, last: number] | null {
  const counts = (place: number): boolean => {
    const pair = order[place] ?? 0;
    return of[pair] !== fold && (weights[pair] ?? 0) > 0;
  };
  let first = 0;
  while (first < order.length && !counts(first)) first++;
  if (first === order.length) return null;
  let last = order.length - 1;
  while (!counts(last)) last--;
  return [first, last];
}

/** The first threshold with the largest TPR − FPR. */
function widest(sums: BinSums): number {
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < bins; i++) {
    positives += sums[i] ?? 0;
    negatives += sums[bins + i] ?? 0;
  }
  let accepted = positives;
  let wrong = negatives;
  let best = Number.NEGATIVE_INFINITY;
  let chosen = 0;
  for (let i = 0; i < steps; i++) {
    accepted -= sums[i] ?? 0;
    const refused = sums[bins + i] ?? 0;
    wrong -= refused;
    if (refused === 0 && i > 0) continue; // fewer true accepts for the same false ones are no gain
    const gap = (positives === 0 ? 0 : accepted / positives) - (negatives === 0 ? 0 : wrong / negatives);
    if (gap <= best) continue;
    best = gap;
    chosen = i;
  }
  return chosen;
}
