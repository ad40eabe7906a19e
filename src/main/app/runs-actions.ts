import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { Run } from '../../core/contract/runs.ts';
import { requireRecipe } from '../../core/recipe/parse.ts';
import { stepsOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { listCheckpoints, type StoredCheckpoint } from '../store/run-records.ts';
import { addRun, findRun, removeRun, type StoredRun } from '../store/runs.ts';
import type { Context } from './context.ts';
import type { JobQueue } from './queue.ts';
import type { Runs } from './runs.ts';
import { keepFile, makeRunFolder, removeRunFolder } from './runs-files.ts';
import { trainingData } from './training-data.ts';
import { usualName, withHashes, withWholeName } from './training-recipe.ts';
import { candidates, freeName } from './versions.ts';

/** What people do with runs. */
export interface RunActions {
  /** Errors: `recipe/invalid`, `run/exists`, those of `trainingData`, `recipe/too-few-images`. */
  start(recipe: unknown, name: string | null): Promise<Run>;
  /** Null: the last checkpoint, the same recipe, a name of its own. Errors besides: `run/no-checkpoint`. */
  fork(run: number, step: number | null, recipe: unknown, name: string | null): Promise<Run>;
  pause(run: number): void;
  /** Error: `run/ended`. */
  continue(run: number): Run;
  stop(run: number): void;
  /** Error: `run/exists`. */
  rename(run: number, name: string): void;
  /** Error: `run/under-way`. */
  remove(run: number): Promise<void>;
}

export const forkFile = 'fork.checkpoint';

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

const isActive = ({ state }: Pick<Run, 'state'>): boolean => state === 'queued' || state === 'running';

export function runActions(context: Context, runs: Runs, queue: JobQueue): RunActions {
  const { store, events, backbones } = context;
  const taken = (name: string): boolean => findRun(store, name) !== null;

  const enqueue = (run: StoredRun): Run => {
    const job = queue.add({
      ...{ kind: 'train', title: `Train ${run.name}`, datasetId: null, unit: 'steps' },
      input: { run: run.id },
    });
    return runs.change(run.id, {
      jobId: job.id,
      state: 'queued',
      reason: null,
      error: null,
      finishedAt: null,
    });
  };
  const add = async (
    recipe: Recipe,
    asked: string | null,
    from: { readonly run: StoredRun; readonly checkpoint: StoredCheckpoint } | null,
  ): Promise<Run> => {
    const data = trainingData(store, recipe);
    const { steps, stepsPerEpoch } = stepsOf(recipe, data.split.train.length);
    if (asked !== null && taken(asked)) throw error('run/exists', { name: asked });
    const name = asked ?? freeName(usualName(recipe, data.version.name), taken);
    const parent = from && { run: from.run.id, name: from.run.name, step: from.checkpoint.step };
    const id = store.write((writer) =>
      addRun(writer, {
        ...{ name, recipe, steps, stepsPerEpoch, parent, version: data.version.id, at: context.now() },
        forkFile: from && forkFile,
      }),
    );
    const files = runs.files(id);
    try {
      await makeRunFolder(files);
      if (from !== null) {
        const source = join(runs.files(from.run.id).checkpoints, from.checkpoint.file);
        await keepFile(source, join(files.folder, forkFile));
      }
    } catch (thrown) {
      store.write((writer) => removeRun(writer, id));
      await removeRunFolder(files);
      throw thrown;
    }
    const run = enqueue(runs.require(id));
    events.changed('runs', 'versions');
    return run;
  };
  const parsed = async (json: unknown): Promise<Recipe> => {
    const recipe = requireRecipe(withWholeName(backbones, withHashes(store, json)));
    const imported = await backbones.imported(recipe.network.backbone);
    return imported.length === 0 ? recipe : requireRecipe(recipe, imported);
  };

  return {
    start: async (recipe, name) => add(await parsed(recipe), name, null),
    fork: async (id, step, recipe, name) => {
      const run = runs.require(id);
      const checkpoint = chooseCheckpoint(context, run, step ?? 'last');
      return add(recipe === null ? run.recipe : await parsed(recipe), name, { run, checkpoint });
    },
    pause: (id) => {
      const { jobId } = runs.require(id);
      if (jobId !== null) queue.pause(jobId);
    },
    continue: (id) => resume(runs.requireOpen(id)),
    stop: (id) => {
      const { jobId, state } = runs.require(id);
      if (jobId !== null) queue.cancel(jobId);
      // Where its job was cleared from the list, or has failed, nobody else says so.
      if (runs.require(id).state === 'paused' || state === 'failed')
        runs.change(id, { state: 'stopped', reason: 'user', finishedAt: context.now() });
      events.changed('runs');
    },
    rename: (id, name) => {
      runs.require(id);
      const other = findRun(store, name);
      if (other !== null && other !== id) throw error('run/exists', { name });
      runs.change(id, { name });
      events.changed('runs');
    },
    remove: async (id) => {
      const run = runs.require(id);
      if (isActive(run)) throw error('run/under-way', { name: run.name });
      if (run.jobId !== null) queue.cancel(run.jobId); // a paused one would wait for ever
      store.write((writer) => removeRun(writer, id));
      runs.metrics.forget(id);
      await removeRunFolder(runs.files(id));
      events.changed('runs', 'versions');
    },
  };

  /** Goes on with the job that there is, or with a new one. */
  function resume(run: StoredRun): Run {
    const job = run.jobId === null ? null : queue.get(run.jobId);
    if (job === null || job.state === 'done' || job.state === 'cancelled') return enqueue(run);
    queue.continue(job.id);
    return runs.present(runs.require(run.id));
  }
}
