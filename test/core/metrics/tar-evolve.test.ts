import { describe, expect, it } from 'vitest';
import { evolveTarAtFar } from '../../../src/core/metrics/tar-evolve.ts';
import { oracleFolds } from '../../support/metrics-oracle.ts';
import { asDistances, cases } from '../../support/metrics-oracle-cases.ts';

/** By counting at each of the 4,000 thresholds. */
function oracle(scores: readonly number[], same: readonly number[], rate: number) {
  const folds = oracleFolds(scores.length);
  const of = (kind: number, inside: (i: number) => boolean): number[] =>
    scores.filter((_, i) => (same[i] === 1 ? 1 : 0) === kind && inside(i));
  const below = (list: readonly number[], t: number): number =>
    list.filter((d) => d < t).length / list.length;
  const found: { tar: number; far: number }[] = [];
  for (let fold = 0; fold < new Set(folds).size; fold++) {
    const training = of(0, (i) => folds[i] !== fold);
    const [own, other] = [of(1, (i) => folds[i] === fold), of(0, (i) => folds[i] === fold)];
    if (training.length === 0 || own.length === 0 || other.length === 0) continue;
    let threshold = 0;
    for (let i = 1; i < 4000; i++) {
      const [low, high] = [below(training, (i - 1) * 0.001), below(training, i * 0.001)];
      if (high < rate) continue;
      threshold = (i - 1) * 0.001 + ((rate - low) / (high - low)) * (i * 0.001 - (i - 1) * 0.001);
      break;
    }
    found.push({ tar: below(own, threshold), far: below(other, threshold) });
  }
  if (found.length === 0) return { rate, tar: null, deviation: null, far: null };
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const tar = mean(found.map((one) => one.tar));
  return {
    rate,
    tar,
    deviation: Math.sqrt(mean(found.map((one) => (one.tar - tar) ** 2))),
    far: mean(found.map((one) => one.far)),
  };
}

describe('face.evoLVe’s TAR at a FAR', () => {
  it.each(cases)('of %s is that of its 4,000 thresholds', (_, cosines) => {
    const { scores, same } = asDistances(cosines);
    for (const rate of [0.5, 0.1, 1e-3]) {
      expect(evolveTarAtFar({ scores, same }, rate)).toEqual(oracle(scores, same, rate));
    }
  });

  it('reaches no rate where people are further apart than every threshold', () => {
    const pairs = { scores: [0.1, 5, 0.1, 5], same: [1, 0, 1, 0] };
    expect(evolveTarAtFar(pairs, 0.1, 2)).toEqual({ rate: 0.1, tar: 0, deviation: 0, far: 0 });
  });
});
