import { error } from '../../../core/base/errors.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';

/** Trains the network of a run. */
export function trainRunner(_context: Context): JobRunner {
  return () => {
    throw error('app/internal', { detail: 'training is not there yet' });
  };
}
