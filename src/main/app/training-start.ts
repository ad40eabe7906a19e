import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { error } from '../../core/base/errors.ts';
import { sameSplit } from '../../core/recipe/difference.ts';
import type { StartFacts } from '../../core/recipe/preflight-facts.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { TrainSetup } from '../jobs/train-protocol.ts';
import type { StoredCheckpoint } from '../store/run-records.ts';
import { findRun, getRun, listRuns, type StoredRun } from '../store/runs.ts';
import type { Context } from './context.ts';
import { chooseCheckpoint } from './runs-checkpoints.ts';
import { runFiles } from './runs-files.ts';
import { candidates } from './versions.ts';

/** A run's checkpoint that a recipe names, and its file. */
export interface NamedCheckpoint {
  readonly run: StoredRun;
  readonly checkpoint: StoredCheckpoint;
  readonly path: string;
}

/** What a recipe begins with, where it is. */
export type Start =
  | ({ readonly from: 'run' } & NamedCheckpoint)
  | { readonly from: 'file'; readonly path: string };

/** The checkpoint of a run by its name. Errors: `run/unknown`, `run/no-checkpoint`. */
export function namedCheckpoint(
  context: Pick<Context, 'store' | 'dataDir'>,
  { run: name, checkpoint: wanted }: { readonly run: string; readonly checkpoint: 'best' | 'last' | number },
): NamedCheckpoint {
  const { store, dataDir } = context;
  const id = findRun(store, name);
  const run = id === null ? null : getRun(store, id);
  if (run === null) {
    const known = candidates(listRuns(store).map((one) => one.name));
    throw error('run/unknown', { run: `“${name}”`, known });
  }
  const checkpoint = chooseCheckpoint(context, run, wanted);
  return { run, checkpoint, path: join(runFiles(dataDir, run.id).checkpoints, checkpoint.file) };
}

/**
 * What a recipe begins with; null: random numbers. Errors: `run/unknown`, `run/no-checkpoint`, `training/other-backbone`,
 * `training/no-start`.
 */
export async function startOf(
  context: Pick<Context, 'store' | 'dataDir'>,
  { start, network }: Recipe,
): Promise<Start | null> {
  if (start === null) return null;
  if (start.from === 'file') {
    const path = resolve(start.path);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw error('training/no-start', { path });
    return { from: 'file', path };
  }
  const named = namedCheckpoint(context, start);
  const { backbone } = named.run.recipe.network;
  if (backbone !== network.backbone)
    throw error('training/other-backbone', { got: backbone, wanted: network.backbone });
  return { from: 'run', ...named };
}

/** What is told of it before the run. */
export function startFacts(start: Start | null, recipe: Recipe): StartFacts | null {
  if (start === null) return null;
  if (start.from === 'file') return { of: start.path, classes: 'none' };
  const { run, checkpoint } = start;
  const classes = sameSplit(run.recipe, recipe) ? 'same' : 'others';
  return { of: `step ${checkpoint.step} of the run ${run.name}`, classes };
}

/** The same for a process that trains. */
export function startSetup(start: Start | null): Pick<TrainSetup, 'resume' | 'fork' | 'weights'> {
  if (start === null) return { resume: null, fork: false };
  if (start.from === 'file') return { resume: null, fork: false, weights: start.path };
  return { resume: start.path, fork: true };
}
