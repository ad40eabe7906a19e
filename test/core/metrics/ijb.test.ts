import { describe, expect, it } from 'vitest';
import { nearestTpr, templateRows } from '../../../src/core/metrics/ijb.ts';
import { rankPairs } from '../../../src/core/metrics/ranked.ts';
import type { OraclePairs } from '../../support/metrics-oracle.ts';
import { cases } from '../../support/metrics-oracle-cases.ts';

/** scikit-learn's curve: cumulated counts at distinct scores, without those whose second differences are both 0. */
function curve({ scores, same }: OraclePairs): { fpr: number; tpr: number }[] {
  const positives = same.filter((one) => one === 1).length;
  const negatives = same.length - positives;
  const cumulated = [...new Set(scores)]
    .sort((a, b) => b - a)
    .map((t) => ({
      fp: scores.filter((score, i) => score >= t && same[i] !== 1).length,
      tp: scores.filter((score, i) => score >= t && same[i] === 1).length,
    }));
  const kept = cumulated.filter((point, i) => {
    const [before, after] = [cumulated[i - 1], cumulated[i + 1]];
    if (!before || !after) return true;
    return after.fp - 2 * point.fp + before.fp !== 0 || after.tp - 2 * point.tp + before.tp !== 0;
  });
  return [{ fp: 0, tp: 0 }, ...kept].map(({ fp, tp }) => ({ fpr: fp / negatives, tpr: tp / positives }));
}

describe('TPR at the nearest FPR', () => {
  it.each(cases)('of %s is that of the reversed curve’s first nearest point', (_, pairs) => {
    const rates = [1, 0.5, 0.3, 0.1, 0.05, 0.01, 1e-6];
    const found = nearestTpr(rankPairs(pairs), rates);
    if (new Set(pairs.same).size < 2) {
      expect(found).toEqual(rates.map((rate) => ({ rate, tpr: null, fpr: null })));
      return;
    }
    const points = curve(pairs).reverse();
    const wanted = rates.map((rate) => {
      const away = points.map(({ fpr }) => Math.abs(fpr - rate));
      return { rate, ...points[away.indexOf(Math.min(...away))] };
    });
    expect(found).toEqual(wanted);
  });
});

it('rows of templates are found by number, and a missing one is named', () => {
  const pooled = {
    templates: [2, 5, 9],
    features: { width: 1, values: Float32Array.of(1, 1, 1) },
    empty: [],
  };
  expect(templateRows(pooled, [9, 2, 9])).toEqual({ rows: Uint32Array.of(2, 0, 2) });
  expect(templateRows(pooled, [9, 4])).toEqual({ missing: 4 });
});
