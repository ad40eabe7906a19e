import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import {
  areaUnderCurve,
  foldResults,
  type ScoredPairs,
  tarAtFar,
  tarCurve,
  verify,
} from '../../../src/core/metrics/verification.ts';

/** Scores in steps of `grain`, so that many are equal; those of one person lie higher. */
function drawn(n: number, grain: number, seed: number): ScoredPairs {
  const random = seededRandom(seed);
  const same = Uint8Array.from({ length: n }, () => random.int(2));
  const scores = Float32Array.from(same, (one) => {
    const score = (one === 1 ? 0.45 : 0.15) + 0.2 * random.normal();
    return grain === 0 ? score : Math.round(score / grain) * grain;
  });
  return { scores, same };
}

const rightAt = (pairs: ScoredPairs, indices: readonly number[], threshold: number): number =>
  indices.filter((i) => {
    const score = pairs.scores[i] ?? 0;
    return pairs.same[i] === 1 ? score > threshold : score < threshold;
  }).length;

/** By trying every threshold on every pair. */
function bruteFolds(pairs: ScoredPairs, folds: number) {
  const n = pairs.scores.length;
  const parts = Math.min(n, folds);
  const foldOf = (i: number): number => {
    for (let fold = 0; ; fold++) if (i < Math.floor(((fold + 1) * n) / parts)) return fold;
  };
  const all = Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: parts }, (_, fold) => {
    const train = all.filter((i) => foldOf(i) !== fold);
    const test = all.filter((i) => foldOf(i) === fold);
    const values = [...new Set(train.map((i) => pairs.scores[i] ?? 0))].toSorted((a, b) => a - b);
    const candidates = [
      (values[0] ?? 0) - 1e-6,
      ...values.slice(1).map((value, i) => ((values[i] ?? 0) + value) / 2),
      (values.at(-1) ?? 0) + 1e-6,
    ];
    const most = Math.max(...candidates.map((threshold) => rightAt(pairs, train, threshold)));
    const threshold = candidates.find((candidate) => rightAt(pairs, train, candidate) === most) ?? Number.NaN;
    return { threshold, accuracy: rightAt(pairs, test, threshold) / test.length };
  });
}

const cases = [
  drawn(400, 0, 1),
  drawn(237, 0.05, 2),
  drawn(60, 0.2, 3),
  drawn(13, 0, 4),
  drawn(7, 0.1, 5),
  drawn(2, 0, 6),
];

describe('verification by folds', () => {
  it.each(cases.map((pairs) => [pairs.scores.length, pairs] as const))(
    'of %d pairs is what trying every threshold gives',
    (_, pairs) => {
      expect(foldResults(pairs)).toEqual(bruteFolds(pairs, 10));
    },
  );

  it('has the mean, the deviation with n − 1 and the mean threshold of the folds', () => {
    const pairs = drawn(400, 0, 7);
    const folds = bruteFolds(pairs, 10);
    const accuracies = folds.map(({ accuracy }) => accuracy);
    const mean = accuracies.reduce((a, b) => a + b) / 10;
    const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9;
    const result = verify(pairs);
    expect(result.accuracy).toBeCloseTo(mean, 12);
    expect(result.deviation).toBeCloseTo(Math.sqrt(variance), 12);
    expect(result.threshold).toBeCloseTo(folds.reduce((sum, { threshold }) => sum + threshold, 0) / 10, 12);
  });

  it('is perfect where a threshold parts them, whichever way scores are shifted', () => {
    const same = Uint8Array.from({ length: 100 }, (_, i) => i % 2);
    for (const shift of [-0.5, 0, 0.4]) {
      const scores = Float64Array.from(same, (one, i) => shift + (one === 1 ? 0.3 : -0.3) + i * 1e-4);
      const { accuracy, deviation, threshold } = verify({ scores, same });
      expect([accuracy, deviation]).toEqual([1, 0]);
      expect(Math.abs(threshold - shift)).toBeLessThan(0.02);
    }
  });

  it('tests each fold by a threshold that has not seen it', () => {
    // In the first fold persons score low; by the threshold of the others all of it is wrong.
    const same = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
    const scores = Float64Array.from(same, (one, i) => (i < 4 ? 1 - one : one));
    const [first, ...others] = foldResults({ scores, same });
    expect(first?.accuracy).toBe(0);
    expect(others.every(({ accuracy }) => accuracy === 1)).toBe(true);
  });

  it('counts a score that is the threshold as wrong', () => {
    // Two folds of two; the second gives 0.5 to the first, where both pairs have just that.
    const pairs = { scores: [0.5, 0.5, 0.25, 0.75], same: [1, 0, 0, 1] };
    expect(foldResults(pairs, 2)[0]).toEqual({ accuracy: 0, threshold: 0.5 });
  });

  it('refuses scores that are no numbers', () => {
    expect(() => verify({ scores: [0.1, Number.NaN], same: [1, 0] })).toThrow(/pair 1 is NaN/);
  });
});

describe('TAR at FAR', () => {
  it.each(cases.map((pairs) => [pairs.scores.length, pairs] as const))(
    'of %d pairs is the most that any threshold accepts',
    (_, pairs) => {
      const other = Array.from(pairs.scores).filter((_score, i) => pairs.same[i] === 0);
      const own = Array.from(pairs.scores).filter((_score, i) => pairs.same[i] === 1);
      for (const far of [0.5, 0.1, 0.01, 0.001]) {
        const above = (scores: readonly number[], threshold: number): number =>
          scores.filter((score) => score > threshold).length / scores.length;
        const candidates = [Number.NEGATIVE_INFINITY, ...Array.from(pairs.scores)];
        const allowed = candidates.filter((threshold) => above(other, threshold) <= far);
        const wanted =
          far * other.length < 1 || own.length === 0
            ? null
            : Math.max(...allowed.map((threshold) => above(own, threshold)));
        expect(tarAtFar(pairs, far)).toBe(wanted);
      }
    },
  );

  it('leaves out rates that the number of pairs does not support', () => {
    const pairs = drawn(400, 0, 8); // about 200 of different people
    expect(tarCurve(pairs).map(([far]) => far)).toEqual([0.1, 0.01]);
  });

  it('takes a share that is a whole number of pairs as just that number', () => {
    // 0.1·30 is a little above 3 and 0.1·3 … in binary: three of thirty may pass.
    const same = Uint8Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 1));
    const scores = Float64Array.from(same, (_, i) => (i < 30 ? i : i - 30 + 0.5));
    expect(tarAtFar({ scores, same }, 0.1)).toBeCloseTo(4 / 30, 12);
  });
});

describe('the area under the curve', () => {
  it.each(cases.map((pairs) => [pairs.scores.length, pairs] as const))(
    'of %d pairs is the share of ordered couples, equals counted half',
    (_, pairs) => {
      let [sum, couples] = [0, 0];
      for (let i = 0; i < pairs.scores.length; i++) {
        for (let j = 0; j < pairs.scores.length; j++) {
          if (pairs.same[i] !== 1 || pairs.same[j] === 1) continue;
          couples++;
          sum += (Math.sign((pairs.scores[i] ?? 0) - (pairs.scores[j] ?? 0)) + 1) / 2;
        }
      }
      expect(areaUnderCurve(pairs)).toBeCloseTo(couples === 0 ? 0.5 : sum / couples, 12);
    },
  );

  it('turns round with the scores', () => {
    const pairs = drawn(200, 0.05, 9);
    const turned = { scores: Array.from(pairs.scores, (score) => -score), same: pairs.same };
    expect(areaUnderCurve(pairs) + areaUnderCurve(turned)).toBeCloseTo(1, 12);
  });
});
