import type { ProtocolRule } from './fold-chooser.ts';
import { between, outside } from './threshold.ts';
import { ascending } from './verification.ts';

/**
 * Our own rule: the threshold that is exactly optimal on the training folds, the lowest where several are as good. It
 * lies in the middle between neighbouring scores, or just outside of the extremes. Accepted above it, strictly.
 */
export const standardRule: ProtocolRule = {
  right: (score, same, threshold) => score > threshold === same,
  chooser: ({ scores, same }, folds) => {
    const order = ascending(scores);
    const n = order.length;
    const sorted = Float64Array.from(order, (pair) => scores[pair] ?? 0);
    const fold = Int32Array.from(order, (pair) => folds.of[pair] ?? 0);
    /** What refusing a pair adds to what is right. */
    const step = Int8Array.from(order, (pair) => (same[pair] === 1 ? -1 : 1));
    const drawn = new Float64Array(n);
    return (weights, thresholds) => {
      for (let place = 0; place < n; place++) drawn[place] = weights[order[place] ?? 0] ?? 0;
      for (let left = 0; left < folds.count; left++) {
        let right = 0; // more than where everything is accepted
        let best = 0;
        let previous = Number.NaN;
        let [low, high] = [Number.NaN, Number.NaN]; // around the best threshold; NaN: below all, above all
        for (let place = 0; place < n; place++) {
          const weight = drawn[place] ?? 0;
          if (weight === 0 || fold[place] === left) continue;
          const score = sorted[place] ?? 0;
          if (score !== previous) {
            if (right > best) [best, low, high] = [right, previous, score];
            else if (Number.isNaN(previous)) high = score;
            previous = score;
          }
          right += weight * (step[place] ?? 0);
        }
        if (right > best) [low, high] = [previous, Number.NaN];
        if (Number.isNaN(low)) thresholds[left] = high - outside(high);
        else thresholds[left] = Number.isNaN(high) ? low + outside(low) : between(low, high);
      }
    };
  },
};
