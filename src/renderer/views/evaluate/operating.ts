import type {
  EvaluationCurves,
  EvaluationResult,
  OperatingPoint,
} from '../../../core/contract/evaluations.ts';
import { protocols } from '../../../core/metrics/protocols.ts';

/** Where the operating point was put. */
export type Operating =
  | { readonly by: 'far'; readonly far: number }
  | { readonly by: 'threshold'; readonly threshold: number };

/** As the contract takes it. */
export type OperatingWish = { threshold: number } | { far: number };

export function wishOf(at: Operating): OperatingWish {
  return at.by === 'far' ? { far: at.far } : { threshold: at.threshold };
}

/** How many pairs of one person and of two there are. */
export function pairCounts({
  same,
  different,
}: EvaluationCurves): readonly [same: number, different: number] {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return [sum(same.counts), sum(different.counts)];
}

/** The smallest false accept rate that can be told: one pair of two people of all. Null while the curve is not here. */
export function leastRate(curve: EvaluationCurves | null): number | null {
  const [, different] = curve === null ? [0, 0] : pairCounts(curve);
  return different === 0 ? null : 1 / different;
}

/**
 * What comes of an operating point, read off the curve between its points: as exact as the drawing, and at once.
 * Null where the curve has no points, or so few false accepts can't be told from so few pairs.
 */
export function readCurve(
  curve: EvaluationCurves,
  protocol: EvaluationResult['protocol'],
  at: Operating,
): OperatingPoint | null {
  const { roc } = curve;
  const first = roc[0];
  const last = roc.at(-1);
  if (first === undefined || last === undefined) return null;
  if (at.by === 'far' && at.far < (leastRate(curve) ?? 0)) return null;
  // Thresholds fall along the curve where they are cosines, and rise where they are distances.
  const way = protocols[protocol].score === 'cosine' ? -1 : 1;
  const key = ([far, , threshold]: (typeof roc)[number]): number => (at.by === 'far' ? far : way * threshold);
  const wanted = at.by === 'far' ? at.far : way * at.threshold;
  const after = roc.findIndex((point) => key(point) > wanted);
  const before = after === -1 ? last : after === 0 ? first : (roc[after - 1] ?? first);
  const next = after === -1 ? last : (roc[after] ?? last);
  const room = key(next) - key(before);
  const share = room > 0 ? Math.min(1, Math.max(0, (wanted - key(before)) / room)) : 0;
  const between = (i: 0 | 1 | 2): number => before[i] + share * (next[i] - before[i]);
  const [far, tar] = [between(0), between(1)];
  const [same, different] = pairCounts(curve);
  const falseAccepts = Math.round(far * different);
  const falseRejects = Math.round((1 - tar) * same);
  const all = same + different;
  return {
    ...{ threshold: at.by === 'threshold' ? at.threshold : between(2), tar, far, falseAccepts, falseRejects },
    accuracy: all === 0 ? 0 : (all - falseAccepts - falseRejects) / all,
  };
}

/**
 * The same place for another result: its threshold where both have scores of one kind, else as many false accepts as the
 * first one has there.
 */
export function placeFor(
  at: Operating,
  protocol: EvaluationResult['protocol'],
  first: { readonly protocol: EvaluationResult['protocol']; readonly far: number | null },
): Operating {
  if (at.by === 'far' || protocols[protocol].score === protocols[first.protocol].score) return at;
  return { by: 'far', far: Math.max(1e-9, first.far ?? 1e-3) };
}
