import type { EvaluationCurves } from '../contract/evaluations.ts';
import type { Histogram } from '../contract/runs.ts';
import { type RocCurve, rocCurve } from '../metrics/curves.ts';
import { scoreHistogram } from '../metrics/histogram.ts';
import type { PairScores, ScoreKind } from '../metrics/pair-scores.ts';
import { rankPairs } from '../metrics/ranked.ts';
import { type Axis, linearAxis, logAxis, thinnedPlaces } from '../metrics/thin.ts';

const bins = 100;

/**
 * At most `points` places of a curve, from which it can be drawn with shares or with powers of ten along either axis:
 * nothing moves by a pixel of a thousand where that many points are enough.
 */
export function drawnPlaces({ far, tar }: Pick<RocCurve, 'far' | 'tar'>, points: number): number[] {
  const missed = tar.map((share) => 1 - share);
  const least = (shares: Float64Array): Axis => {
    let lowest = 0.1;
    for (const share of shares) if (share > 0 && share < lowest) lowest = share;
    return logAxis(lowest);
  };
  const axes: readonly (readonly [Axis, Axis])[] = [
    [linearAxis, linearAxis],
    [least(far), linearAxis],
    [least(far), least(missed)],
  ];
  for (let pixels = 1000; ; pixels /= 2) {
    const kept = new Set<number>([0, far.length - 1]);
    for (const [x, y] of axes) for (const i of thinnedPlaces(far, missed, { x, y, pixels })) kept.add(i);
    if (kept.size <= points || pixels < 2) return [...kept].sort((a, b) => a - b).slice(0, points);
  }
}

/** The curve and histograms of pairs, to be drawn. Both kinds of pairs are there. */
export function evaluationCurves(
  pairs: PairScores,
  kind: ScoreKind,
  points: number,
): Omit<EvaluationCurves, 'id'> {
  const curve = rocCurve(rankPairs(pairs, kind));
  const { from, to, same, others } = scoreHistogram(pairs, { bins });
  const histogram = (counts: Uint32Array): Histogram => ({ from, to, counts: Array.from(counts) });
  const places = curve === null ? [] : drawnPlaces(curve, points);
  return {
    roc: places.map((i) => [curve?.far[i] ?? 0, curve?.tar[i] ?? 0, curve?.thresholds[i] ?? 0] as const),
    ...{ same: histogram(same), different: histogram(others) },
  };
}
