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
  const strictest = rates.map((_, i) => i).sort((a, b) => (rates[a] ?? 0) - (rates[b] ?? 0));
  const result: WeightedRates = { auc: Number.NaN, eer: Number.NaN, tar: new Float64Array(rates.length) };

  return (weights) => {
    let positives = 0;
    let all = 0;
    for (let place = 0; place < n; place++) {
      const weight = weights[order[place] ?? 0] ?? 0;
      drawn[place] = weight;
      all += weight;
      positives += weight * (one[place] ?? 0);
    }
    const negatives = all - positives;
    result.auc = Number.NaN;
    result.eer = Number.NaN;
    result.tar.fill(positives === 0 || negatives === 0 ? Number.NaN : 1);
    if (positives === 0 || negatives === 0) return result;

    let pending = 0; // the strictest rate that is not passed yet
    let allowed = allowedAccepts(rates[strictest[0] ?? 0] ?? 1, negatives);
    let accepted = 0; // before the ties that are being counted
    let wrong = 0;
    let ownTied = 0;
    let otherTied = 0;
    let twice = 0;
    let crossed = false;
    for (let place = 0; place < n; place++) {
      const weight = drawn[place] ?? 0;
      const own = weight * (one[place] ?? 0);
      ownTied += own;
      otherTied += weight - own;
      if (ends[place] === 0) continue;
      while (wrong + otherTied > allowed && pending < strictest.length) {
        result.tar[strictest[pending] ?? 0] = accepted / positives;
        pending++;
        if (pending < strictest.length) {
          allowed = allowedAccepts(rates[strictest[pending] ?? 0] ?? 1, negatives);
        }
      }
      if (!crossed) {
        const rate = crossing(accepted, wrong, ownTied, otherTied, positives, negatives);
        if (rate !== null) result.eer = rate;
        crossed = rate !== null;
      }
      twice += ownTied * (2 * (negatives - wrong) - otherTied);
      accepted += ownTied;
      wrong += otherTied;
      ownTied = 0;
      otherTied = 0;
    }
    result.auc = twice / 2 / (positives * negatives);
    return result;
  };
}
