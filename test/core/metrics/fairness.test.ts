import { describe, expect, it } from 'vitest';
import { fairness, gapOf } from '../../../src/core/metrics/fairness.ts';
import { drawnPairs } from '../../support/metrics-oracle-cases.ts';

const names = ['African', 'Asian', 'Caucasian', 'Indian'];
const easy = drawnPairs(200, 0.01, 71, 0.8);
const hard = drawnPairs(200, 0.01, 72, 0.2);
const pairs = {
  names,
  scores: [...easy.scores, ...hard.scores, 0.5, 0.5],
  same: [...easy.same, ...hard.same, 1, 0],
  groups: [...easy.scores.map(() => 2), ...hard.scores.map(() => 0), 3, -1],
};

/** The group's figures by counting. */
function counted(group: number, threshold: number) {
  const own = pairs.scores
    .map((score, i) => ({ accepted: score > threshold, same: pairs.same[i] === 1, group: pairs.groups[i] }))
    .filter((pair) => pair.group === group);
  const [positives, negatives] = [own.filter(({ same }) => same), own.filter(({ same }) => !same)];
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    threshold,
    accuracy: share(own.filter(({ accepted, same }) => accepted === same).length, own.length),
    fmr: share(negatives.filter(({ accepted }) => accepted).length, negatives.length),
    fnmr: share(positives.filter(({ accepted }) => !accepted).length, positives.length),
  };
}

describe('fairness', () => {
  it.each([{ by: 'accuracy' }, { by: 'far', rate: 0.05 }, { by: 'fixed', threshold: 0.4 }] as const)(
    'by %o: each group at the threshold of all and at its own',
    (choice) => {
      const { threshold, groups } = fairness(pairs, 'cosine', choice);
      expect(groups.map(({ name }) => name)).toEqual(names);
      groups.forEach(({ global, own }, group) => {
        expect(global).toEqual(counted(group, threshold ?? Number.NaN));
        if (own.threshold !== null) expect(own).toEqual(counted(group, own.threshold));
      });
      expect(groups.map(({ positives, negatives }) => positives + negatives)).toEqual([200, 0, 200, 1]);
      const [first, , third] = groups;
      if (choice.by === 'accuracy') {
        expect(first?.own.accuracy).toBeGreaterThanOrEqual(first?.global.accuracy ?? 1);
        expect(third?.own.accuracy).toBeGreaterThan(first?.own.accuracy ?? 1);
      }
      if (choice.by === 'far') expect(third?.own.fmr).toBeLessThanOrEqual(0.05);
      if (choice.by === 'fixed') expect(third?.own.threshold).toBe(0.4);
    },
  );

  it('says how far groups are apart, of those that have the figure', () => {
    const { global, groups } = fairness(pairs, 'cosine', { by: 'fixed', threshold: 0.4 });
    const rates = [groups[0]?.global.fmr ?? 0, groups[2]?.global.fmr ?? 0];
    expect(global.fmr.difference).toBe(Math.max(...rates) - Math.min(...rates));
    expect(global.fmr.ratio).toBe(Math.max(...rates) / Math.min(...rates));
    // The one pair of the fourth group is right, and no error is no measure for another.
    expect(global.error.ratio).toBe(null);
  });

  it('works on squared distances', () => {
    const turned = { ...pairs, scores: pairs.scores.map((score) => 2 - 2 * score) };
    const [a, b] = [
      fairness(pairs, 'cosine', { by: 'accuracy' }),
      fairness(turned, 'squared-distance', { by: 'accuracy' }),
    ];
    expect(b.groups.map(({ own }) => own.accuracy)).toEqual(a.groups.map(({ own }) => own.accuracy));
  });
});

describe('gaps', () => {
  it('have both deviations', () => {
    // Figures of two papers on RFW: one divides by n − 1 (0.93), the other by n (0.63).
    expect(gapOf([97.08, 95.63, 95.57, 94.87]).deviation).toBeCloseTo(0.93, 2);
    expect(gapOf([96.27, 95, 94.82, 94.68]).populationDeviation).toBeCloseTo(0.63, 2);
    expect(gapOf([0.1, 0.4, null])).toMatchObject({ ratio: 4, mean: 0.25 });
  });

  it('are null where there is nothing to compare', () => {
    expect(gapOf([0.5, null]).difference).toBe(null);
    expect(gapOf([0, 0]).ratio).toBe(1);
    expect(gapOf([0, 0.1]).ratio).toBe(null);
  });
});
