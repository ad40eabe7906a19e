import type { FoldedPairs, ProtocolRule, ThresholdChooser } from './fold-chooser.ts';
import { ascending } from './order.ts';
import { between, outside } from './threshold.ts';

/**
 * Our own rule: the threshold that is exactly optimal on the training folds, the lowest where several are as good. It
 * lies in the middle between neighbouring scores, or just outside of the extremes. Accepted above it, strictly.
 */
export const standardRule: ProtocolRule = {
  kind: 'cosine',
  tiesWrong: false,
  chooser: exactChooser,
};

/**
 * A cut at place p refuses the pairs before it in ascending order. What refusing them gains on the folds outside of f is
 * T(p) − F(p): the gain on all pairs less that on the fold's own. T is summed once. A cut where T is below its maximum by
 * more than F there is above its least can be best for no fold, so that the folds need only look around the maximum.
 */
function exactChooser({ scores, same, folds }: FoldedPairs): ThresholdChooser {
  const order = ascending(scores);
  const n = order.length;
  const sorted = Float64Array.from(order, (pair) => scores[pair] ?? 0);
  const foldAt = Int32Array.from(order, (pair) => folds.of[pair] ?? 0);
  /** What refusing a pair gains. */
  const sign = Int8Array.from(order, (pair) => (same[pair] === 1 ? -1 : 1));
  // Pairs that are drawn at all, in ascending order.
  const score = new Float64Array(n);
  const fold = new Int32Array(n);
  const gain = new Float64Array(n);
  /** T at every cut; −∞ where the cut would part equal scores. */
  const total = new Float64Array(n + 1);
  const own = new Float64Array(folds.count);
  /** The least that F is anywhere. */
  const least = new Float64Array(folds.count);
  /** F of every fold at a place, into `own`. */
  const sumUpTo = (end: number): void => {
    own.fill(0);
    for (let place = 0; place < end; place++) {
      const its = fold[place] ?? 0;
      own[its] = (own[its] ?? 0) + (gain[place] ?? 0);
    }
  };

  return (weights, thresholds) => {
    own.fill(0);
    least.fill(0);
    let drawn = 0;
    let sum = 0;
    for (let place = 0; place < n; place++) {
      const weight = weights[order[place] ?? 0] ?? 0;
      if (weight === 0) continue;
      const its = foldAt[place] ?? 0;
      const gained = weight * (sign[place] ?? 0);
      score[drawn] = sorted[place] ?? 0;
      fold[drawn] = its;
      gain[drawn] = gained;
      total[drawn] = sum;
      drawn++;
      sum += gained;
      const ownSum = (own[its] ?? 0) + gained;
      own[its] = ownSum;
      if (ownSum < (least[its] ?? 0)) least[its] = ownSum;
    }
    total[drawn] = sum;
    let peak = 0; // where T is largest
    for (let place = 1; place <= drawn; place++) {
      if (place < drawn && score[place] === score[place - 1]) total[place] = Number.NEGATIVE_INFINITY;
      else if ((total[place] ?? 0) > (total[peak] ?? 0)) peak = place;
    }
    const most = total[peak] ?? 0;

    sumUpTo(peak);
    const slack = own.reduce((widest, atPeak, its) => Math.max(widest, atPeak - (least[its] ?? 0)), 0);
    let [first, last] = [0, drawn];
    while ((total[first] ?? 0) < most - slack) first++;
    while ((total[last] ?? 0) < most - slack) last--;

    sumUpTo(first);
    for (let left = 0; left < folds.count; left++) {
      let ownSum = own[left] ?? 0;
      let best = Number.NEGATIVE_INFINITY;
      let chosen = first;
      for (let place = first; place <= last; place++) {
        const right = (total[place] ?? 0) - ownSum;
        if (right > best) {
          best = right;
          chosen = place;
        }
        if (fold[place] === left) ownSum += gain[place] ?? 0;
      }
      let [below, above] = [chosen - 1, chosen];
      while (below >= 0 && fold[below] === left) below--;
      while (above < drawn && fold[above] === left) above++;
      const [low, high] = [score[below] ?? 0, score[above] ?? 0];
      if (below < 0) thresholds[left] = above === drawn ? Number.NaN : high - outside(high);
      else thresholds[left] = above === drawn ? low + outside(low) : between(low, high);
    }
  };
}
