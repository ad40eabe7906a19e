import { describe, expect, it } from 'vitest';
import { separation, shares, spread, stairs } from '../../../../src/renderer/parts/chart/histogram.ts';

describe('histograms', () => {
  const histogram = { from: 0, to: 4, counts: [1, 0, 2, 1] };

  it('are told in shares', () => {
    expect(shares(histogram)).toEqual([0.25, 0, 0.5, 0.25]);
    expect(shares({ ...histogram, counts: [0, 0, 0, 0] })).toEqual([]);
  });

  it('have mean and deviation of their bins’ middles', () => {
    const values = [0.5, 2.5, 2.5, 3.5];
    const mean = values.reduce((sum, value) => sum + value, 0) / 4;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
    expect(spread(histogram)?.mean).toBeCloseTo(mean, 12);
    expect(spread(histogram)?.deviation).toBeCloseTo(Math.sqrt(variance), 12);
    expect(spread({ ...histogram, counts: [0, 0, 0, 0] })).toBeNull();
  });

  it('lie apart by their means over their deviation', () => {
    const near = { from: 0, to: 4, counts: [1, 1, 0, 0] };
    const far = { from: 0, to: 4, counts: [0, 0, 1, 1] };
    // Means 1 and 3, both with a deviation of 0.5.
    expect(separation(near, far)).toBeCloseTo(4, 12);
    expect(separation(near, { from: 0, to: 4, counts: [] })).toBeNull();
  });

  it('are drawn as stairs that end on the ground', () => {
    const same = (value: number): number => value;
    expect(stairs([0.5, 0.25], same, same, 0, 2)).toBe('M0 0V0.50H1.00V0.25H2.00V0Z');
    expect(stairs([], same, same, 0, 2)).toBe('');
  });
});
