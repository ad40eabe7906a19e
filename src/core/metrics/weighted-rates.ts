import { ascending } from './order.ts';
import { type PairScores, type ScoreKind, signOf } from './pair-scores.ts';
import { crossing } from './separation.ts';
import { allowedAccepts } from './tar-at-far.ts';

/** AUC, equal error rate and TAR where pair i counts weights[i] times. NaN where nothing can be said. */
export interface WeightedRates {
  auc: number;
  eer: number;
  /** [rates], in the order of the rates */
  readonly tar: Float64Array;
}

/**
 * Prepares the pairs by one sort; the result reads all rates in one walk over them. A rate below 1/negatives gives the
 * share of true accepts without a false one: whether that means anything is for the caller to know.
 */
export function weightedRates(
  { scores, same }: PairScores,
  kind: ScoreKind,
  rates: readonly number[],
): (weights: Int32Array) => WeightedRates {
  const n = scores.length;
  const order = ascending(scores);
  if (signOf(kind) === 1) order.reverse(); // the most alike first
  const one = Uint8Array.from(order, (pair) => (same[pair] === 1 ? 1 : 0));
  /** Whether the next pair has another score. */
  const ends = Uint8Array.from(order, (pair, i) => (scores[pair] === scores[order[i + 1] ?? -1] ? 0 : 1));
  const drawn = new Int32Array(n);
  /** Pairs up to each distinct score, of one person and of two; first none. */
  const accepted = new Int32Array(n + 1);
  const wrong = new Int32Array(n + 1);
  const result: WeightedRates = { auc: Number.NaN, eer: Number.NaN, tar: new Float64Array(rates.length) };

  return (weights) => {
    let [sameSum, sum] = [0, 0];
    for (let place = 0; place < n; place++) {
      const weight = weights[order[place] ?? 0] ?? 0;
      drawn[place] = weight;
      sum += weight;
      sameSum += weight * (one[place] ?? 0);
    }
    const [positives, negatives] = [sameSum, sum - sameSum];
    result.auc = Number.NaN;
    result.eer = Number.NaN;
    result.tar.fill(Number.NaN);
    if (positives === 0 || negatives === 0) return result;

    let ties = 0;
    let [own, other, twice] = [0, 0, 0];
    let [ownBefore, otherBefore] = [0, 0];
    for (let place = 0; place < n; place++) {
      const weight = drawn[place] ?? 0;
      const gained = weight * (one[place] ?? 0);
      own += gained;
      other += weight - gained;
      if (ends[place] === 0) continue;
      ties++;
      accepted[ties] = own;
      wrong[ties] = other;
      twice += (own - ownBefore) * (2 * negatives - otherBefore - other);
      ownBefore = own;
      otherBefore = other;
    }
    result.auc = twice / 2 / (positives * negatives);

    rates.forEach((rate, i) => {
      const allowed = allowedAccepts(rate, negatives);
      const last = firstWhere(ties, (tie) => (wrong[tie] ?? 0) > allowed) - 1;
      result.tar[i] = (accepted[last] ?? 0) / positives;
    });
    const at = (tie: number): readonly [number, number] => [accepted[tie] ?? 0, wrong[tie] ?? 0];
    const crossed = firstWhere(ties, (tie) => {
      const [right, alarms] = at(tie);
      return alarms * positives + right * negatives >= positives * negatives;
    });
    const [[before, beforeWrong], [after, afterWrong]] = [at(crossed - 1), at(crossed)];
    result.eer =
      crossing(before, beforeWrong, after - before, afterWrong - beforeWrong, positives, negatives) ??
      Number.NaN;
    return result;
  };
}

/** The first of 1 … count for which something holds that holds for all after it too; count + 1 if there is none. */
function firstWhere(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [1, count + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
