import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { Run } from '../../core/contract/runs.ts';
import { requireRecipe } from '../../core/recipe/parse.ts';
import { stepsOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { addRun, findRun, removeRun, type StoredRun } from '../store/runs.ts';
import type { Context } from './context.ts';
import { extrasFor } from './extras.ts';
import type { JobQueue } from './queue.ts';
import type { Runs } from './runs.ts';
import { chooseCheckpoint } from './runs-checkpoints.ts';
import { copyFile, keepFile, makeRunFolder, removeRunFolder } from './runs-files.ts';
import { trainingData } from './training-data.ts';
import { usualName, withHashes, withWholeNames } from './training-recipe.ts';
import { type NamedCheckpoint, type Start, startOf } from './training-start.ts';
import { hasMaps, settled, teacherOf, teacherPath, withMaps } from './training-teacher.ts';
import { freeName } from './versions.ts';

/** What people do with runs. */
export interface RunActions {
  /** Errors: `recipe/invalid`, `run/exists`, those of `trainingData` and `startOf`, `recipe/too-few-images`. */
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

/** What a run begins with, in its own folder until it has a checkpoint of its own. */
export const forkFile = 'fork.checkpoint';
export const weightsFile = 'start.pth';

const parentOf = ({ run, checkpoint }: NamedCheckpoint): Run['parent'] => ({
  ...{ run: run.id, name: run.name, step: checkpoint.step },
});

const isActive = ({ state }: Pick<Run, 'state'>): boolean => state === 'queued' || state === 'running';

export function runActions(context: Context, runs: Runs, queue: JobQueue): RunActions {
  const { store, events } = context;
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
  const taught = async (recipe: Recipe, asked: string | null, from: Start | null): Promise<Run> => {
    const kept = from?.from === 'run' ? teacherOfParent(recipe, from.run) : null;
    const teacher = kept === null ? await withMaps(context, teacherOf(context, recipe)) : null;
    return await add(teacher ? settled(teacher) : recipe, asked, from, teacher?.run?.path ?? kept);
  };
  /** A fork's teacher is its parent's, also where that one is gone; null where it has another or none. */
  const teacherOfParent = (recipe: Recipe, parent: StoredRun): string | null => {
    const [own, theirs] = [recipe.distillation?.teacher, parent.recipe.distillation?.teacher];
    const same = own?.from === 'run' && JSON.stringify(own) === JSON.stringify(theirs) && hasMaps(recipe);
    return same ? teacherPath(runs.files(parent.id).folder) : null;
  };
  const add = async (
    recipe: Recipe,
    asked: string | null,
    from: Start | null,
    teacher: string | null,
  ): Promise<Run> => {
    const data = trainingData(store, recipe);
    const { steps, stepsPerEpoch } = stepsOf(recipe, data.split.train.length);
    if (asked !== null && taken(asked)) throw error('run/exists', { name: asked });
    const name = asked ?? freeName(usualName(recipe, data.version.name), taken);
    const parent = from?.from === 'run' ? parentOf(from) : null;
    const startFile = from && (from.from === 'run' ? forkFile : weightsFile);
    const id = store.write((writer) =>
      addRun(writer, {
        ...{ name, recipe, steps, stepsPerEpoch, parent, version: data.version.id, at: context.now() },
        forkFile: startFile,
      }),
    );
    const files = runs.files(id);
    try {
      await makeRunFolder(files);
      // Somebody else's file may be written over in its place: a second name would not do.
      const keep = from?.from === 'file' ? copyFile : keepFile;
      if (from !== null) await keep(from.path, join(files.folder, startFile ?? ''));
      if (teacher !== null) await keepFile(teacher, teacherPath(files.folder));
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
    const recipe = requireRecipe(withWholeNames(context, withHashes(store, json)));
    return requireRecipe(recipe, await extrasFor(context, recipe));
  };

  return {
    start: async (json, name) => {
      const recipe = await parsed(json);
      return taught(recipe, name, await startOf(context, recipe));
    },
    fork: async (id, step, recipe, name) => {
      const run = runs.require(id);
      const checkpoint = chooseCheckpoint(context, run, step ?? 'last');
      const path = join(runs.files(id).checkpoints, checkpoint.file);
      // A fork begins with its parent, whatever that one, or the recipe, began with.
      const own = { ...(recipe === null ? run.recipe : await parsed(recipe)), start: null };
      return taught(own, name, { from: 'run', run, checkpoint, path });
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
