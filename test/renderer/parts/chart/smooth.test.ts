import { describe, expect, it } from 'vitest';
import { smoothed } from '../../../../src/renderer/parts/chart/smooth.ts';

const ones = (count: number): number[] => new Array<number>(count).fill(1);

describe('smoothing', () => {
  it('leaves a constant a constant from its first step on', () => {
    for (const value of smoothed(new Array<number>(20).fill(3.5), ones(20), 50))
      expect(value).toBeCloseTo(3.5, 12);
  });

  it('is the mean weighted by exp(−age/window)', () => {
    const y = [4, 1, 7, 2, 9];
    const got = smoothed(y, ones(5), 3);
    for (let i = 0; i < y.length; i++) {
      let sum = 0;
      let weights = 0;
      for (let j = 0; j <= i; j++) {
        const weight = Math.exp(-(i - j) / 3);
        sum += weight * (y[j] ?? 0);
        weights += weight;
      }
      expect(got[i]).toBeCloseTo(sum / weights, 12);
    }
  });

  it('is nearly the same from buckets as from single steps', () => {
    const fine = Array.from({ length: 4000 }, (_, i) => 10 * Math.exp(-i / 900));
    const every = 8;
    const buckets = Array.from({ length: 500 }, (_, i) => {
      const part = fine.slice(i * every, (i + 1) * every);
      return part.reduce((sum, value) => sum + value, 0) / every;
    });
    const one = smoothed(fine, ones(4000), 200);
    const other = smoothed(buckets, new Array<number>(500).fill(every), 200);
    for (let i = 100; i < 500; i++) {
      expect(Math.abs((other[i] ?? 0) - (one[i * every + every - 1] ?? 0))).toBeLessThan(0.05);
    }
  });

  it('goes on behind a gap', () => {
    const got = smoothed([2, Number.NaN, 2], ones(3), 5);
    expect(got[1]).toBeNaN();
    expect(got[2]).toBeCloseTo(2, 12);
  });

  it('changes nothing without a window', () => {
    expect(smoothed([3, 1, 2], ones(3), 0)).toEqual([3, 1, 2]);
  });
});
