import type { AbortSignalLike } from '../../core/contract/api.ts';

/** The platform's signal for one that crossed the contract. */
export function abortSignal(like: AbortSignalLike): AbortSignal {
  const controller = new AbortController();
  if (like.aborted) controller.abort();
  else like.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
