import { assert } from '../base/assert.ts';
import { checkPairs, type PairScores } from './pair-scores.ts';

/** How many pairs of each kind have scores in equally wide bins. */
export interface ScoreHistogram {
  readonly from: number;
  readonly to: number;
  /** [bins]; bin i holds from + i·width ≤ score < from + (i + 1)·width, the last one `to` as well. */
  readonly same: Uint32Array;
  readonly others: Uint32Array;
}

export interface HistogramOptions {
  readonly bins?: number;
  /** From the lowest to the highest score if not said; scores outside are counted in the bin at that end. */
  readonly range?: readonly [from: number, to: number];
}

export function scoreHistogram(
  pairs: PairScores,
  { bins = 100, range }: HistogramOptions = {},
): ScoreHistogram {
  checkPairs(pairs);
  assert(Number.isInteger(bins) && bins >= 1, `${bins} bins`);
  const [from, to] = range ?? extent(pairs.scores);
  assert(to > from, `scores from ${from} to ${to}`);
  const edge = (i: number): number => from + ((to - from) * i) / bins;
  const histogram = { from, to, same: new Uint32Array(bins), others: new Uint32Array(bins) };
  for (let i = 0; i < pairs.scores.length; i++) {
    const score = pairs.scores[i] ?? 0;
    let bin = Math.min(bins - 1, Math.max(0, Math.floor(((score - from) / (to - from)) * bins)));
    // Division may have rounded over an edge; the edges are what is promised.
    while (bin > 0 && score < edge(bin)) bin--;
    while (bin + 1 < bins && score >= edge(bin + 1)) bin++;
    const counts = pairs.same[i] === 1 ? histogram.same : histogram.others;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return histogram;
}

/** Lowest and highest; half a unit to either side where all are equal, 0 to 1 where there are none. */
function extent(scores: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < scores.length; i++) {
    low = Math.min(low, scores[i] ?? 0);
    high = Math.max(high, scores[i] ?? 0);
  }
  if (low > high) return [0, 1];
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}
