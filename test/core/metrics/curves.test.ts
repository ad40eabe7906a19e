import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { detCurve, rocCurve } from '../../../src/core/metrics/curves.ts';
import { scoreHistogram } from '../../../src/core/metrics/histogram.ts';
import { operatingPoint } from '../../../src/core/metrics/operating-point.ts';
import { rankPairs } from '../../../src/core/metrics/ranked.ts';
import {
  type Axis,
  linearAxis,
  logAxis,
  thinDet,
  thinnedPlaces,
  thinRoc,
} from '../../../src/core/metrics/thin.ts';
import { cases, drawnPairs } from '../../support/metrics-oracle-cases.ts';

type Point = readonly [x: number, y: number];

/** From a point to the line through others, on the drawing. */
function toLine([x, y]: Point, line: readonly Point[]): number {
  return Math.min(
    ...line.slice(1).map(([bx, by], i) => {
      const [ax, ay] = line[i] ?? [0, 0];
      const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1);
      const t = Math.min(1, Math.max(0, along));
      return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
    }),
  );
}

const drawn = (xs: Float64Array, ys: Float64Array, x: Axis, y: Axis): Point[] =>
  Array.from(xs, (far, i) => [x(far), y(ys[i] ?? 0)]);

describe('a thinned curve', () => {
  const ranked = rankPairs(drawnPairs(1200, 0, 51));
  const [roc, det] = [rocCurve(ranked), detCurve(ranked)];
  if (!roc || !det) throw new Error('both kinds are there');

  it.each([
    ['linear', linearAxis],
    ['logarithmic', logAxis(1e-4)],
  ] as const)('is within a pixel of the whole on a %s axis, with few points', (_, x) => {
    const thin = thinRoc(roc, { x });
    const [all, few] = [drawn(roc.far, roc.tar, x, linearAxis), drawn(thin.far, thin.tar, x, linearAxis)];
    expect(few.length).toBeLessThan(500);
    expect(few.length).toBeGreaterThan(20);
    expect(Math.max(...all.map((point) => toLine(point, few)))).toBeLessThanOrEqual(1e-3);
    expect(Math.max(...few.map((point) => toLine(point, all)))).toBeLessThanOrEqual(1e-3);
    expect([few[0], few.at(-1)]).toEqual([all[0], all.at(-1)]);
  });

  it('keeps thresholds that lead to its points', () => {
    const thin = thinDet(det, { x: logAxis(1e-4), y: logAxis(1e-4) });
    thin.thresholds.forEach((threshold, i) => {
      const { far, tar } = operatingPoint(ranked, threshold);
      expect(far).toBe(thin.far[i]);
      expect(1 - (tar ?? 0)).toBeCloseTo(thin.frr[i] ?? 0, 14);
    });
  });

  it('keeps all corners of few points, and no points of none', () => {
    const stairs = [0, 0, 0.5, 0.5, 1].map(Number);
    const kept = thinnedPlaces(Float64Array.from(stairs), Float64Array.of(0, 0.4, 0.4, 1, 1));
    expect(Array.from(kept)).toEqual([0, 1, 2, 3, 4]);
    expect(Array.from(thinnedPlaces(Float64Array.of(0, 0.5, 1), Float64Array.of(0, 0.5, 1)))).toEqual([0, 2]);
    expect(thinnedPlaces(new Float64Array(0), new Float64Array(0)).length).toBe(0);
  });

  it('has as few points where there are many', () => {
    const random = seededRandom(6);
    const n = 50_000;
    const xs = Float64Array.from({ length: n }, () => random.next()).sort();
    const ys = Float64Array.from({ length: n }, () => random.next() ** 0.1).sort();
    expect(thinnedPlaces(xs, ys).length).toBeLessThan(1000);
  });
});

describe('histograms', () => {
  it.each(cases)('of %s count each pair in the bin whose edges hold it', (_, pairs) => {
    const histogram = scoreHistogram(pairs, { bins: 7 });
    const { from, to } = histogram;
    for (const [kind, counts] of [
      [1, histogram.same],
      [0, histogram.others],
    ] as const) {
      const own = pairs.scores.filter((_score, i) => (pairs.same[i] === 1 ? 1 : 0) === kind);
      const edge = (i: number): number => from + ((to - from) * i) / 7;
      const wanted = Array.from(
        { length: 7 },
        (__, bin) =>
          own.filter((score) => score >= edge(bin) && (bin === 6 ? score <= to : score < edge(bin + 1)))
            .length,
      );
      expect(Array.from(counts)).toEqual(wanted);
      expect(wanted.reduce((a, b) => a + b, 0)).toBe(own.length);
    }
  });

  it('edges are exact where division rounds', () => {
    // 0.7 / 0.1 is 6.999…: the edge 0.7 belongs to the bin that begins there.
    const scores = Array.from({ length: 11 }, (_, i) => (1 * i) / 10);
    const { others } = scoreHistogram({ scores, same: scores.map(() => 0) }, { bins: 10, range: [0, 1] });
    expect(Array.from(others)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it('count what lies outside of a range at its ends', () => {
    const pairs = { scores: [-5, 0.1, 0.9, 7], same: [1, 1, 1, 1] };
    expect(Array.from(scoreHistogram(pairs, { bins: 2, range: [0, 1] }).same)).toEqual([2, 2]);
  });
});
