import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/base/random.ts';
import {
  decimate,
  extent,
  lowerBound,
  nearest,
  type Points,
  visible,
} from '../../../../src/renderer/parts/chart/points.ts';

function walk(count: number, seed: number): { x: number[]; y: number[] } {
  const random = seededRandom(seed);
  let at = 0;
  const y = Array.from({ length: count }, () => (at += random.normal()));
  return { x: y.map((_, i) => i), y };
}
const scaleOf = (from: number, to: number, pixels: number) =>
  ({ from, to, start: 40, end: 40 + pixels, log: false }) as const;

describe('places in a list', () => {
  const list = [1, 3, 3, 8];
  it('are those of the first number that is not below', () => {
    expect([0, 1, 2, 3, 4, 9].map((value) => lowerBound(list, value))).toEqual([0, 0, 1, 1, 3, 4]);
  });

  it('are those of the nearest number', () => {
    expect([-5, 1.9, 2.1, 5.4, 5.6, 99].map((value) => list[nearest(list, value)])).toEqual([
      1, 1, 3, 3, 8, 8,
    ]);
    expect(nearest([], 3)).toBe(-1);
  });

  it('take a neighbour on either side of what is in view', () => {
    expect(visible([0, 10, 20, 30, 40], [12, 29])).toEqual([1, 4]);
    expect(visible([0, 10, 20, 30, 40], [10, 30])).toEqual([0, 5]);
    expect(visible([0, 10], [-5, 50])).toEqual([0, 2]);
  });
});

describe('drawing together', () => {
  it('leaves few points as they are', () => {
    const points = walk(50, 1);
    expect(decimate(points, scaleOf(0, 49, 200))).toBe(points);
  });

  it('gives one point for a pixel at most, with the extremes of all', () => {
    const points = walk(100_000, 2);
    const drawn = decimate(points, scaleOf(0, 99_999, 500));
    expect(drawn.x.length).toBeLessThanOrEqual(502);
    expect(drawn.x.length).toBeGreaterThanOrEqual(499);
    expect(Math.min(...Array.from(drawn.low ?? []))).toBe(Math.min(...points.y));
    expect(Math.max(...Array.from(drawn.high ?? []))).toBe(Math.max(...points.y));
    for (let i = 1; i < drawn.x.length; i++) expect(drawn.x[i]).toBeGreaterThan(drawn.x[i - 1] ?? 0);
  });

  it('keeps extremes that points bring along, wherever a lone peak lies', () => {
    const { x, y } = walk(5000, 3);
    for (const at of [0, 1, 2500, 4998, 4999]) {
      const high = y.map((value, i) => (i === at ? 1e6 : value));
      const drawn = decimate({ x, y, low: y, high }, scaleOf(0, 4999, 300));
      expect(Math.max(...Array.from(drawn.high ?? []))).toBe(1e6);
    }
  });

  it('shows what is in view only, to its edges', () => {
    const points = walk(100_000, 4);
    const drawn = decimate(points, scaleOf(40_000, 60_000, 400));
    expect(drawn.x[0]).toBeLessThan(40_000);
    expect(drawn.x[drawn.x.length - 1]).toBeGreaterThan(60_000);
    expect(drawn.x.length).toBeLessThanOrEqual(402);
  });

  it('leaves what is not finite out of the means, and a gap where nothing else is', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    const y = x.map((i) => (i >= 300 && i < 400 ? Number.NaN : i % 2 === 0 ? 1 : Number.POSITIVE_INFINITY));
    const drawn = decimate({ x, y }, scaleOf(0, 1000, 100));
    const values = Array.from(drawn.y);
    expect(values.filter(Number.isNaN).length).toBe(10);
    expect(values.every((value) => Number.isNaN(value) || value === 1)).toBe(true);
  });
});

describe('extents', () => {
  const points: Points = { x: [0, 1, 2, 3, 4], y: [5, -1, Number.NaN, 7, 100], low: [4, -2, 0, 7, 90] };
  it('are of what is in view', () => {
    expect(extent(points, [0.5, 2.5], false)).toEqual([-2, 7]);
    expect(extent(points, [0, 4], false)).toEqual([-2, 100]);
  });

  it('leave out what a logarithm cannot show', () => {
    expect(extent(points, [0, 4], true)).toEqual([4, 100]);
  });
});
