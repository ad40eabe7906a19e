import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { pairwiseAgreement } from '../../../src/core/metrics/pairwise.ts';

describe('pairwiseAgreement', () => {
  it('counts pairs', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 50; round++) {
      const groups = Array.from({ length: 30 }, () => random.int(5));
      const truth = Array.from({ length: 30 }, () => random.int(4));
      let both = 0;
      let together = 0;
      let wanted = 0;
      for (let i = 0; i < 30; i++)
        for (let j = 0; j < i; j++) {
          const g = groups[i] === groups[j];
          const t = truth[i] === truth[j];
          together += g ? 1 : 0;
          wanted += t ? 1 : 0;
          both += g && t ? 1 : 0;
        }
      const found = pairwiseAgreement(groups, truth);
      expect(found.precision).toBeCloseTo(both / together, 12);
      expect(found.recall).toBeCloseTo(both / wanted, 12);
      expect(found.f1).toBeCloseTo((2 * both) / (together + wanted), 12);
    }
  });

  it('is 1 for the same grouping under other numbers, and where there is nothing to join', () => {
    expect(pairwiseAgreement([0, 0, 1, 2], [5, 5, 9, 7])).toEqual({ precision: 1, recall: 1, f1: 1 });
    expect(pairwiseAgreement([0, 1, 2], [5, 6, 9]).f1).toBe(1);
    expect(pairwiseAgreement([0, 1, 2], [5, 5, 5]).f1).toBe(0);
  });
});
