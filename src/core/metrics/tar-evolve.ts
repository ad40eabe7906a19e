import { assert } from '../base/assert.ts';
import { foldsOf } from './folds.ts';
import { checkPairs, type PairScores } from './pair-scores.ts';
import { countBelow } from './ranked.ts';

/** 0, 0.001 … 3.999 */
const thresholds = Float64Array.from({ length: 4000 }, (_, i) => i * 0.001);

export interface EvolveTar {
  readonly rate: number;
  /** Mean over the folds. Null where no fold can tell. */
  readonly tar: number | null;
  /** Standard deviation between the folds (÷ n, as NumPy's `std`). */
  readonly deviation: number | null;
  /** Mean share of false accepts on the folds, near the rate where it is measurable. */
  readonly far: number | null;
}

/**
 * face.evoLVe's TAR at a FAR (in its code, switched off there), from squared distances: of 4,000 thresholds, the
 * neighbours between which the training folds' FAR reaches the rate are interpolated linearly; a training FAR that
 * never reaches it gives the threshold 0. The fold is judged by that, strictly below. Its interpolation fails where the
 * curve is level; here the first threshold that reaches the rate ends the stretch. Folds without both kinds, or whose
 * training folds have no pairs of two people, are left out.
 */
export function evolveTarAtFar(pairs: PairScores, rate = 1e-3, count = 10): EvolveTar {
  assert(rate > 0 && rate <= 1, `a false accept rate of ${rate}`);
  checkPairs(pairs);
  const folds = foldsOf(pairs, count);
  const scoresOf = (kind: number, inside: (fold: number) => boolean): Float64Array => {
    const chosen: number[] = [];
    for (let i = 0; i < pairs.scores.length; i++) {
      if ((pairs.same[i] === 1 ? 1 : 0) === kind && inside(folds.of[i] ?? 0))
        chosen.push(pairs.scores[i] ?? 0);
    }
    return Float64Array.from(chosen).sort();
  };
  const tars: number[] = [];
  const fars: number[] = [];
  for (let fold = 0; fold < folds.count; fold++) {
    const training = scoresOf(0, (other) => other !== fold);
    const same = scoresOf(1, (own) => own === fold);
    const others = scoresOf(0, (own) => own === fold);
    if (training.length === 0 || same.length === 0 || others.length === 0) continue;
    const threshold = interpolated(training, rate);
    tars.push(countBelow(same, threshold) / same.length);
    fars.push(countBelow(others, threshold) / others.length);
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  if (tars.length === 0) return { rate, tar: null, deviation: null, far: null };
  const tar = mean(tars);
  return { rate, tar, deviation: Math.sqrt(mean(tars.map((one) => (one - tar) ** 2))), far: mean(fars) };
}

/** The threshold at which the share of `distances` (ascending) below it is `rate`. */
function interpolated(distances: Float64Array, rate: number): number {
  const farAt = (i: number): number => countBelow(distances, thresholds[i] ?? 0) / distances.length;
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (farAt(middle) >= rate) high = middle;
    else low = middle + 1;
  }
  if (low === thresholds.length || low === 0) return 0;
  const [before, after] = [farAt(low - 1), farAt(low)];
  const [from, to] = [thresholds[low - 1] ?? 0, thresholds[low] ?? 0];
  return from + ((rate - before) / (after - before)) * (to - from);
}
