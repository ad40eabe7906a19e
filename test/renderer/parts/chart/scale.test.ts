import { describe, expect, it } from 'vitest';
import {
  moved,
  padded,
  place,
  type Range,
  valueAt,
  zoomed,
} from '../../../../src/renderer/parts/chart/scale.ts';

const whole: Range = [0, 1000];

describe('scales', () => {
  it.each([
    { from: -2, to: 6, start: 10, end: 210, log: false },
    { from: 0.001, to: 100, start: 180, end: 8, log: true },
  ])('lead from values to pixels and back ($from to $to)', (scale) => {
    expect(place(scale, scale.from)).toBeCloseTo(scale.start, 9);
    expect(place(scale, scale.to)).toBeCloseTo(scale.end, 9);
    for (const pixel of [20, 50, 123.4, 170])
      expect(place(scale, valueAt(scale, pixel))).toBeCloseTo(pixel, 9);
  });

  it('give every decade the same room on a logarithmic axis', () => {
    const scale = { from: 0.01, to: 100, start: 0, end: 400, log: true };
    expect([0.1, 1, 10].map((value) => Math.round(place(scale, value)))).toEqual([100, 200, 300]);
    expect(place(scale, -1)).toBeNaN();
  });
});

describe('ranges', () => {
  it('get room at their ends, and are never empty', () => {
    expect(padded([10, 20], false)).toEqual([9.5, 20.5]);
    expect(padded([0, 1], false)[0]).toBe(0);
    expect(padded([-1, 1], false)[0]).toBeCloseTo(-1.1);
    for (const log of [false, true]) {
      const [from, to] = padded([5, 5], log);
      expect(from).toBeLessThan(5);
      expect(to).toBeGreaterThan(5);
    }
    expect(padded([0, 0], false)).toEqual([0, 1]);
    expect(padded([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], false)).toEqual([0, 1]);
  });

  it('zoom about a place, which stays where it is', () => {
    const range = zoomed(whole, whole, 250, 0.5);
    expect(range).toEqual([125, 625]);
    // A quarter of the way before, a quarter of the way after.
    expect((250 - 125) / 500).toBe(0.25);
  });

  it('are the whole again where they would be wider', () => {
    expect(zoomed([100, 800], whole, 400, 2)).toBeNull();
    const near = zoomed([0, 400], whole, 0, 1.5);
    expect(near).toEqual([0, 600]);
  });

  it('stay inside and keep their width when they are moved', () => {
    expect(moved([100, 300], whole, 50)).toEqual([150, 350]);
    expect(moved([100, 300], whole, -500)).toEqual([0, 200]);
    expect(moved([100, 300], whole, 5000)).toEqual([800, 1000]);
  });
});
