import { describe, expect, it } from 'vitest';
import { detCurve, rocCurve } from '../../../src/core/metrics/curves.ts';
import { bestOperatingPoint, operatingPoint } from '../../../src/core/metrics/operating-point.ts';
import { rankPairs } from '../../../src/core/metrics/ranked.ts';
import { aucOf, dPrime, equalError } from '../../../src/core/metrics/separation.ts';
import { farRates, tarAt, tarTable } from '../../../src/core/metrics/tar-at-far.ts';
import { oracleAuc, oracleEer, oraclePoints, oracleTar } from '../../support/metrics-oracle.ts';
import { asDistances, cases, drawnPairs } from '../../support/metrics-oracle-cases.ts';

const bothKinds = (same: readonly number[]): boolean => new Set(same).size === 2;
/** Squared distances keep order and ties of these cosines but for neighbouring doubles. */
const turned = cases.filter(([what]) => what !== 'neighbouring doubles');

describe.each(cases)('of %s', (_, pairs) => {
  const ranked = rankPairs(pairs);

  it('the curve has every point, and its thresholds lead to them', () => {
    const curve = rocCurve(ranked);
    if (!bothKinds(pairs.same)) {
      expect(curve).toBe(null);
      expect(detCurve(ranked)).toBe(null);
      return;
    }
    const wanted = oraclePoints(pairs);
    expect(Array.from(curve?.far ?? [])).toEqual(wanted.map(({ far }) => far));
    expect(Array.from(curve?.tar ?? [])).toEqual(wanted.map(({ tar }) => tar));
    Array.from(curve?.thresholds ?? []).forEach((threshold, i) => {
      const { tar, far } = operatingPoint(ranked, threshold);
      expect([tar, far]).toEqual([curve?.tar[i], curve?.far[i]]);
    });
    const det = detCurve(ranked);
    expect(Array.from(det?.frr ?? []).map((frr) => 1 - frr)).toEqual(
      wanted.map(({ tar }) => expect.closeTo(tar, 14)),
    );
  });

  it('operating points are counts of what is strictly above', () => {
    for (const threshold of [...pairs.scores, -1, 0.3, 1, 2]) {
      const accepted = pairs.scores.map((score) => score > threshold);
      const right = accepted.filter((one, i) => one === (pairs.same[i] === 1)).length;
      const point = operatingPoint(ranked, threshold);
      expect(point.trueAccepts).toBe(accepted.filter((one, i) => one && pairs.same[i] === 1).length);
      expect(point.falseAccepts).toBe(accepted.filter((one, i) => one && pairs.same[i] !== 1).length);
      expect(point.accuracy).toBe(pairs.scores.length === 0 ? null : right / pairs.scores.length);
    }
  });

  it('the best operating point is the best, and the strictest of those', () => {
    const best = bestOperatingPoint(ranked);
    if (pairs.scores.length === 0) {
      expect(best).toBe(null);
      return;
    }
    const candidates = [...new Set(pairs.scores), Number.NEGATIVE_INFINITY]
      .sort((a, b) => b - a)
      .map((threshold) => operatingPoint(ranked, threshold));
    const most = Math.max(...candidates.map(({ accuracy }) => accuracy ?? 0));
    const wanted = candidates.find(({ accuracy }) => accuracy === most);
    expect({ ...best, threshold: 0 }).toEqual({ ...wanted, threshold: 0 });
  });

  it.each([1, 0.5, ...farRates])('TAR at FAR %d is the most that any threshold accepts', (rate) => {
    const { tar, far, threshold } = tarAt(ranked, rate);
    expect(tar).toBe(oracleTar(pairs, rate));
    if (tar === null) {
      expect([far, threshold]).toEqual([null, null]);
      return;
    }
    expect(far).toBeLessThanOrEqual(rate);
    const point = operatingPoint(ranked, threshold ?? Number.NaN);
    expect([point.tar, point.far]).toEqual([tar, far]);
  });

  it('AUC and equal error are those of the definitions', () => {
    const auc = oracleAuc(pairs);
    expect(aucOf(ranked)).toBe(auc);
    const wanted = oracleEer(pairs);
    if (wanted === null) expect(equalError(ranked)).toBe(null);
    else expect(equalError(ranked)?.rate).toBeCloseTo(wanted, 12);
  });
});

describe.each(turned)('of %s, as squared distances,', (_, pairs) => {
  it('figures are the same, and thresholds are distances', () => {
    const [cosines, distances] = [rankPairs(pairs), rankPairs(asDistances(pairs), 'squared-distance')];
    expect(aucOf(distances)).toBe(aucOf(cosines));
    expect(equalError(distances)?.rate).toBe(equalError(cosines)?.rate);
    expect(tarTable(distances).map(({ tar }) => tar)).toEqual(tarTable(cosines).map(({ tar }) => tar));
    const { threshold, tar } = tarAt(distances, 0.5);
    if (threshold !== null) {
      const own = asDistances(pairs).scores.filter((_score, i) => pairs.same[i] === 1);
      expect(own.filter((distance) => distance < threshold).length / own.length).toBe(tar);
    }
  });
});

describe('single figures', () => {
  it('a rate that is a whole number of pairs is just that number', () => {
    // 0.1·30 is a little above 3 and 0.3·10 a little below in binary.
    for (const [negatives, rate, allowed] of [
      [30, 0.1, 3],
      [10, 0.3, 3],
      [10, 0.7, 7],
      [1000, 1e-3, 1],
    ] as const) {
      const scores = Array.from({ length: negatives }, (_, i) => -i);
      const pairs = { scores: [...scores, 1], same: [...scores.map(() => 0), 1] };
      expect(tarAt(rankPairs(pairs), rate).far).toBe(allowed / negatives);
    }
  });

  it('where the most alike pairs of two people are equal, none of them is let through', () => {
    const pairs = { scores: [0.9, 0.9, 0.9, 0.1, 0.9, 0.95], same: [0, 0, 0, 0, 1, 1] };
    expect(tarAt(rankPairs(pairs), 0.5)).toEqual({ rate: 0.5, tar: 0.5, far: 0, threshold: 0.9 });
  });

  it('equal error lies between points: two of three refused, one of two accepted', () => {
    // From (0, 1/3 accepted) to (1/2, 1/3), to (1/2, 2/3) …: FAR = FRR = 1/2 on the upright stretch.
    const pairs = { scores: [0.9, 0.8, 0.7, 0.6, 0.5], same: [1, 0, 1, 0, 1] };
    expect(equalError(rankPairs(pairs))).toEqual({ rate: 0.5, threshold: 0.7 });
  });

  it('d′ is the gap of the means in deviations', () => {
    const pairs = { scores: [1, 3, 5, 7], same: [0, 0, 1, 1] };
    expect(dPrime(rankPairs(pairs))).toBe(4);
    expect(dPrime(rankPairs({ scores: [1, 1], same: [0, 1] }))).toBe(null);
    const drawn = drawnPairs(4000, 0, 31, 0.4);
    expect(Math.abs((dPrime(rankPairs(drawn)) ?? 0) - 2)).toBeLessThan(0.2);
  });

  it('bad scores are refused', () => {
    expect(() => rankPairs({ scores: [0.1, Number.NaN], same: [1, 0] })).toThrow(/pair 1 is NaN/);
  });
});
