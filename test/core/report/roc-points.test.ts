import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { areaUnderCurve } from '../../../src/core/metrics/verification.ts';
import { rocPoints, thinned } from '../../../src/core/report/roc-points.ts';

describe('points of a curve of true over false accepts', () => {
  it('are those of every threshold, without what lies on a straight stretch', () => {
    expect(rocPoints({ scores: [0.9, 0.8, 0.7, 0.6], same: [1, 1, 0, 0] })).toEqual([
      ...[[0, 0] as const, [0, 1] as const, [1, 1] as const],
    ]);
    // equal scores are accepted together
    expect(rocPoints({ scores: [0.5, 0.5], same: [1, 0] })).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(rocPoints({ scores: [1, 2], same: [1, 1] })).toEqual([]);
  });

  it('enclose the area that Mann and Whitney count', () => {
    const random = seededRandom(4);
    const same = Array.from({ length: 300 }, () => random.int(2));
    const scores = same.map((one) => Math.round((random.normal() + one) * 5) / 5);
    const points = rocPoints({ scores, same });
    let area = 0;
    points.forEach(([far, tar], i) => {
      const [x, y] = points[i - 1] ?? [0, 0];
      area += ((far - x) * (tar + y)) / 2;
    });
    expect(area).toBeCloseTo(areaUnderCurve({ scores, same }), 10);
  });

  it('are thinned to both ends and some between', () => {
    const points = Array.from({ length: 1001 }, (_, i) => [i / 1000, i / 1000] as const);
    expect(thinned(points, 5)).toEqual([0, 250, 500, 750, 1000].map((i) => [i / 1000, i / 1000]));
    expect(thinned(points, 2000)).toBe(points);
  });
});
