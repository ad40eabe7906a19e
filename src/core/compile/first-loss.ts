import type { LossPlan } from './1-build.ts';

/** What the first loss of a network should be that knows nothing yet; null where that cannot be said. */
export function expectedFirstLoss(plan: LossPlan): number | null {
  if (plan.distillation !== undefined) return null; // a part of it depends on the teacher
  const { head, headSettings, classes, sampled = classes, settings, loss } = plan;
  return head.expectedLoss(headSettings, sampled, settings.embedding, loss, classes);
}
