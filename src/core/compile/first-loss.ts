import type { LossPlan } from './1-build.ts';

/** What the first loss of a network should be that knows nothing yet; null where that cannot be said. */
export function expectedFirstLoss(plan: LossPlan): number | null {
  const { head, headSettings, classes, sampled = classes, settings, loss } = plan;
  return head.expectedLoss(headSettings, sampled, settings.embedding, loss, classes);
}
