import type { Head, HeadSettings } from '../../../../core/heads/head.ts';
import { rateAt, type Schedule } from '../../../../core/training/schedule.ts';
import type { Points } from '../../../parts/chart/points.ts';

/** The logit of the own class by the angle to it, in degrees, and that of another class by its angle. */
export function marginPoints(
  { target, other }: Pick<Head, 'target' | 'other'>,
  settings: HeadSettings,
): { readonly own: Points; readonly others: Points } {
  const x = Array.from({ length: 181 }, (_, degrees) => degrees);
  const cosines = x.map((degrees) => Math.cos((degrees * Math.PI) / 180));
  const { scale = 1 } = settings;
  return {
    own: { x, y: cosines.map((cosine) => target?.(settings, cosine) ?? Number.NaN) },
    others: { x, y: cosines.map((cosine) => other?.(settings, cosine) ?? scale * cosine) },
  };
}

/**
 * The rate over the steps at about `points` places. Where it jumps both sides of the jump are there, so that it is drawn
 * upright.
 */
export function ratePoints(schedule: Schedule, points = 400): Points {
  const last = schedule.total - 1;
  const steps = new Set<number>();
  for (let i = 0; i <= points; i++) steps.add(Math.round((i / points) * last));
  const { decay, warmUp } = schedule;
  const edges = [warmUp.steps, ...(decay.kind === 'step' ? decay.at : [])];
  for (const edge of edges.flatMap((at) => [at - 1, at])) if (edge >= 0 && edge <= last) steps.add(edge);
  const x = [...steps].sort((a, b) => a - b);
  return { x, y: x.map((step) => rateAt(schedule, step)) };
}
