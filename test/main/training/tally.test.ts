import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import type { StepResult } from '../../../src/main/engine/trainer.ts';
import { openDistributions, rowOf } from '../../../src/main/training/tally.ts';

const result: StepResult = {
  loss: 3.5,
  gradientNorm: 2,
  ranks: Float32Array.of(0, 4, 5),
  norms: Float32Array.of(10, 20, 36),
  cosines: Float32Array.of(0.5, -0.25, 0.125),
  probes: Float32Array.of(0.25, 0.5, -0.25, -0.5, 0.75, 1),
  others: Float32Array.of(1, 0, 0, 1, 1, 1), // the last one's class is not among the probes
  told: { scale: 12.5, hardShare: 0.25 },
};

describe('the row of a step', () => {
  it('has every column in its place', () => {
    const { numbers: row, figures } = rowOf(result, { rate: 0.125, stepMs: 40, waitMs: 2, seconds: 9 });
    const named = Object.fromEntries(metricColumns.map((column, i) => [column, row[i]]));
    expect(named).toEqual({
      ...{ loss: 3.5, rate: 0.125, gradientNorm: 2, stepMs: 40, waitMs: 2, seconds: 9 },
      top1: Math.fround(1 / 3),
      top5: Math.fround(2 / 3),
      featureNorm: 22,
      targetCosine: 0.125,
      negativeCosine: (0.25 - 0.5 + 0.75 + 1) / 4,
    });
    expect(figures).toEqual(['scale', 'hardShare']);
    expect([...row.slice(metricColumns.length)]).toEqual([12.5, 0.25]);
  });
});

describe('distributions', () => {
  it('count the own cosine, those to other classes and the lengths', () => {
    const distributions = openDistributions();
    distributions.add(result);
    expect(distributions.steps).toBe(1);
    const { step, target, negative, norm } = distributions.take(7);
    const filled = (counts: readonly number[]) => counts.flatMap((n, bin) => (n === 0 ? [] : [[bin, n]]));
    expect(step).toBe(7);
    // 64 bins over −1..1: 0.5 is at 48, −0.25 at 24, 0.125 at 36
    expect(filled(target.counts)).toEqual([24, 36, 48].map((bin) => [bin, 1]));
    // 0.25, −0.5, 0.75 and 1, which is in the last bin
    expect(filled(negative.counts)).toEqual([16, 40, 56, 63].map((bin) => [bin, 1]));
    expect([norm.from, norm.to]).toEqual([0, 64]);
    expect(filled(norm.counts)).toEqual([10, 20, 36].map((bin) => [bin, 1]));
    expect(distributions.steps).toBe(0);
    expect(distributions.take(8).target.counts.every((n) => n === 0)).toBe(true);
  });

  it('keep every length while their end moves', () => {
    const random = seededRandom(3);
    const norms = Float32Array.from({ length: 500 }, (_, i) => random.next() * 1.5 ** (i % 20));
    const distributions = openDistributions();
    for (let i = 0; i < 500; i += 100) {
      const part = norms.subarray(i, i + 100);
      distributions.add({
        ...result,
        norms: part,
        probes: new Float32Array(2),
        others: Float32Array.of(0, 1),
      });
    }
    const { norm } = distributions.take(5);
    const expected = new Array<number>(64).fill(0);
    for (const value of norms) {
      const bin = Math.floor((value / norm.to) * 64);
      expected[bin] = (expected[bin] ?? 0) + 1;
    }
    expect(norm.counts).toEqual(expected);
    const most = Math.max(...norms);
    expect(most).toBeLessThan(norm.to);
    expect(most).toBeGreaterThanOrEqual(norm.to / 2);
  });
});

it('what is not there to compare with does not count', () => {
  const alone = {
    ...result,
    ranks: Float32Array.of(0, Number.NaN, 7),
    cosines: Float32Array.of(0.5, Number.NaN, 0),
  };
  const { numbers: row } = rowOf(alone, { rate: 0, stepMs: 1, waitMs: 0, seconds: 0 });
  const at = (column: (typeof metricColumns)[number]): number | undefined =>
    row[metricColumns.indexOf(column)];
  expect([at('top1'), at('top5'), at('targetCosine')]).toEqual([0.5, 0.5, 0.25]);
  const distributions = openDistributions();
  distributions.add(alone);
  expect(distributions.take(1).target.counts.reduce((a, b) => a + b)).toBe(2);
});
