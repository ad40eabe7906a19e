import { describe, expect, it } from 'vitest';
import { fivePoints, givesFive } from '../../../src/core/faces/five.ts';

describe('fivePoints', () => {
  it('averages the rings of the eyes of 68 points', () => {
    const points = Float32Array.from({ length: 136 }, (_, i) => (i % 2 === 0 ? i / 2 : 1000 + (i - 1) / 2));
    expect(fivePoints(points, 68, 2)).toEqual([38.5, 1038.5, 44.5, 1044.5, 30, 1030, 48, 1048, 54, 1054]);
  });

  it('leaves the depth of a mesh out', () => {
    const points = Float32Array.from({ length: 1404 }, (_, i) => (i % 3 === 2 ? -5 : Math.floor(i / 3)));
    const five = fivePoints(points, 468, 3) ?? [];
    expect(five.slice(4, 6)).toEqual([2.5, 2.5]);
    expect(five).toHaveLength(10);
    expect(five).not.toContain(-5);
  });

  it('does not guess at layouts that are not known', () => {
    expect(givesFive(98)).toBe(false);
    expect(fivePoints(new Float32Array(196), 98, 2)).toBeNull();
    expect(fivePoints(new Float32Array(10), 68, 2)).toBeNull();
  });
});
