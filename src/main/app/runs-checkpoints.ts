import { error } from '../../core/base/errors.ts';
import { listCheckpoints, type StoredCheckpoint } from '../store/run-records.ts';
import type { StoredRun } from '../store/runs.ts';
import type { Context } from './context.ts';
import { candidates } from './versions.ts';

/** A checkpoint of a run: the best, the last, or that of a step. Error: `run/no-checkpoint`. */
export function chooseCheckpoint(
  context: Pick<Context, 'store'>,
  run: Pick<StoredRun, 'id' | 'name'>,
  wanted: 'best' | 'last' | number,
): StoredCheckpoint {
  const all = listCheckpoints(context.store, run.id);
  const last = all.at(-1);
  const found =
    wanted === 'last'
      ? last
      : wanted === 'best'
        ? (all.find(({ best }) => best) ?? last)
        : all.find(({ step }) => step === wanted);
  if (found !== undefined) return found;
  const known = candidates(all.map(({ step }) => `step ${step}`));
  const checkpoint = typeof wanted === 'number' ? `of step ${wanted}` : `to take as the ${wanted}`;
  throw error('run/no-checkpoint', { name: run.name, checkpoint, known });
}
