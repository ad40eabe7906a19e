import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { bootstrap, quantile } from '../../../src/core/metrics/bootstrap.ts';
import { contiguousFolds } from '../../../src/core/metrics/folds.ts';
import { protocolNames, protocolSums, protocols, runProtocol } from '../../../src/core/metrics/protocols.ts';
import { resampleIdentities, resamplePairs } from '../../../src/core/metrics/resample.ts';
import { weightedRates } from '../../../src/core/metrics/weighted-rates.ts';
import { type OraclePairs, oracleAuc, oracleEer, oraclePoints } from '../../support/metrics-oracle.ts';
import { asDistances, cases, drawnPairs } from '../../support/metrics-oracle-cases.ts';

const rates = [0.1, 1, 0.01, 1e-3];

/** The list in which each pair comes as often as it was drawn. */
function written(pairs: OraclePairs, folds: ArrayLike<number>, weights: Int32Array) {
  const times = (values: ArrayLike<number>): number[] =>
    Array.from(weights).flatMap((weight, i) => Array.from({ length: weight }, () => values[i] ?? 0));
  return { scores: times(pairs.scores), same: times(pairs.same), folds: times(folds) };
}

describe('weights of pairs', () => {
  it.each(cases)('for %s give the figures of the list written out', (_, cosines) => {
    const random = seededRandom(5);
    for (let repeat = 0; repeat < 4; repeat++) {
      const n = cosines.scores.length;
      const folds = contiguousFolds(n);
      const weights = new Int32Array(n);
      if (repeat < 2) resamplePairs(folds)(repeat, weights);
      else
        weights.forEach((_weight, i) => {
          weights[i] = random.int(3) * random.int(2);
        });
      for (const name of protocolNames) {
        const pairs = protocols[name].score === 'cosine' ? cosines : asDistances(cosines);
        const list = written(pairs, folds.of, weights);
        const wanted = runProtocol(name, list).folds;
        const sums = protocolSums(name, pairs)(weights);
        wanted.forEach(({ accuracy, threshold, pairs: total }, fold) => {
          expect(sums.totals[fold]).toBe(total);
          expect(sums.thresholds[fold]).toBe(threshold ?? Number.NaN);
          if (accuracy !== null) expect((sums.rights[fold] ?? 0) / total).toBe(accuracy);
        });

        const read = weightedRates(pairs, protocols[name].score, rates)(weights);
        const alike = written(cosines, folds.of, weights);
        const auc = oracleAuc(alike);
        if (auc === null) {
          expect([read.auc, read.eer, ...read.tar].every(Number.isNaN)).toBe(true);
          continue;
        }
        if (name === 'evolve' && new Set(pairs.scores).size < new Set(cosines.scores).size) continue;
        expect(read.auc).toBeCloseTo(auc, 13);
        expect(read.eer).toBeCloseTo(oracleEer(alike) ?? Number.NaN, 12);
        const points = oraclePoints(alike);
        expect(Array.from(read.tar)).toEqual(
          rates.map((rate) => Math.max(...points.filter(({ far }) => far <= rate).map(({ tar }) => tar))),
        );
      }
    }
  });
});

describe('resampling', () => {
  it('draws from each fold as many pairs as it has', () => {
    const folds = contiguousFolds(103, 10);
    const weights = new Int32Array(103);
    resamplePairs(folds)(3, weights);
    const sums = new Array<number>(10).fill(0);
    weights.forEach((weight, i) => {
      sums[folds.of[i] ?? 0] = (sums[folds.of[i] ?? 0] ?? 0) + weight;
    });
    expect(sums).toEqual([11, 11, 11, 10, 10, 10, 10, 10, 10, 10]);
    expect(weights.some((weight) => weight > 1) && weights.some((weight) => weight === 0)).toBe(true);
  });

  it('of persons gives the pairs of each as often as it, or both of them, were drawn', () => {
    const weights = new Int32Array(5);
    const draw = resampleIdentities({ first: [7, 9, 7, 7, 12], second: [7, 9, 9, 12, 12] });
    for (let seed = 0; seed < 20; seed++) {
      draw(seed, weights);
      const [seven = 0, nine = 0, mixed, other, twelve = 0] = weights;
      expect(seven + nine + twelve).toBe(3);
      expect([mixed, other]).toEqual([seven * nine, seven * twelve]);
    }
  });
});

describe('bootstrap intervals', () => {
  const pairs = drawnPairs(600, 0, 41);

  it('are the same for the same seed, and others for another', () => {
    const run = (seed: number) => bootstrap('standard', pairs, { resamples: 50, seed });
    expect(run(1)).toEqual(run(1));
    expect(run(1).accuracy).not.toEqual(run(2).accuracy);
  });

  it('hold the figures, and are about as wide as theory has them', () => {
    const result = bootstrap('standard', pairs, { resamples: 400, seed: 3 });
    const accuracy = runProtocol('standard', pairs).accuracy ?? 0;
    const { low, high } = result.accuracy ?? { low: 0, high: 0 };
    expect(low < accuracy && accuracy < high).toBe(true);
    // 600 independent pairs: ±1.96·√(p(1 − p)/n)
    const wanted = 2 * 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / 600);
    expect((high - low) / wanted).toBeGreaterThan(0.7);
    expect((high - low) / wanted).toBeLessThan(1.4);
    const auc = oracleAuc(pairs) ?? 0;
    expect((result.auc?.low ?? 1) < auc && auc < (result.auc?.high ?? 0)).toBe(true);
    const eer = oracleEer(pairs) ?? 0;
    expect((result.eer?.low ?? 1) < eer && eer < (result.eer?.high ?? 0)).toBe(true);
  });

  it('are wider by persons where few persons make many pairs', () => {
    // Thirty persons, each of them well or badly recognised in all of its twenty pairs.
    const random = seededRandom(8);
    const person = Array.from({ length: 600 }, (_, i) => Math.floor(i / 20));
    const ease = Array.from({ length: 30 }, () => (random.next() < 0.5 ? 0.6 : 0.1));
    const same = person.map((_, i) => i % 2);
    const scores = person.map((one, i) => (same[i] === 1 ? (ease[one] ?? 0) : 0.2) + 0.1 * random.normal());
    const identities = {
      first: person,
      second: person.map((one, i) => (same[i] === 1 ? one : (one + 1) % 30)),
    };
    const folds = person.map((one) => one % 10);
    const options = { resamples: 200, seed: 4 };
    const byPairs = bootstrap('standard', { scores, same, folds }, options);
    const byPersons = bootstrap('standard', { scores, same, folds }, { ...options, identities });
    expect([byPairs.by, byPersons.by]).toEqual(['pairs', 'identities']);
    const width = ({ auc }: typeof byPairs): number => (auc?.high ?? 0) - (auc?.low ?? 0);
    expect(width(byPersons)).toBeGreaterThan(1.5 * width(byPairs));
  });

  it('draw the pairs that a threshold is chosen on as well, which count in nothing else', () => {
    const [test, training] = [drawnPairs(60, 0.02, 41), drawnPairs(80, 0.02, 42)];
    const options = { resamples: 200, seed: 3 };
    const with_ = bootstrap('standard', test, { ...options, training });
    const own = runProtocol('standard', test, { training }).accuracy ?? -1;
    const { low = 2, high = -1 } = with_.accuracy ?? {};
    expect(low < own && own < high).toBe(true);
    // A training list without mistakes, however it is drawn, has one threshold: that of the middle of the gap.
    const sure = { scores: [0.2, 0.2, 0.2, 0.4, 0.4, 0.4], same: [0, 0, 0, 1, 1, 1] };
    const fixed = bootstrap('standard', { scores: [0.5, 0.1], same: [1, 0] }, { ...options, training: sure });
    expect(fixed.accuracy).toEqual({ low: 1, high: 1 });
    const identities = { first: [...Array(140).keys()], second: [...Array(140).keys()] };
    const people = bootstrap('standard', test, { ...options, training, identities });
    expect(people.by).toBe('identities');
    expect(people.accuracy).not.toEqual(with_.accuracy);
    expect(with_.auc?.low).toBeLessThan(1);
  });

  it('leave out what cannot be measured or said', () => {
    const { tar } = bootstrap('facex', pairs, { resamples: 20 });
    expect(tar.map(({ rate, interval }) => [rate, interval !== null])).toEqual([
      [1e-1, true],
      [1e-2, true],
      [1e-3, false],
      [1e-4, false],
      [1e-5, false],
      [1e-6, false],
    ]);
    const one = { scores: [0.1, 0.2, 0.3], same: [1, 1, 1] };
    const { auc, eer, accuracy } = bootstrap('standard', one, { resamples: 20 });
    expect([auc, eer]).toEqual([null, null]);
    expect(accuracy).not.toBe(null);
    expect(bootstrap('evolve', { scores: [], same: [] }, { resamples: 5 }).accuracy).toBe(null);
  });

  it('quantiles are interpolated as NumPy does', () => {
    expect(quantile(Float64Array.of(1, 2, 4, 8), 0.5)).toBe(3);
    expect(quantile(Float64Array.of(1, 2, 4, 8), 0.9)).toBeCloseTo(6.8, 12);
    expect(quantile(Float64Array.of(5), 0.025)).toBe(5);
  });
});
