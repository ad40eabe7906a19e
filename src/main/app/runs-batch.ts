import { error } from '../../core/base/errors.ts';
import type { BatchView } from '../../core/contract/runs.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { openSampler } from '../../core/training/sampler.ts';
import { encodeCrop } from '../images/encode.ts';
import { epochOrder } from '../plugins/use.ts';
import type { StoredRun } from '../store/runs.ts';
import { versionIdentities } from '../store/versions.ts';
import type { CropTable } from '../training/crops.ts';
import { type BatchOptions, type RenderedBatch, renderBatch } from '../training/loader.ts';
import type { Context } from './context.ts';
import { recent } from './recent.ts';
import type { Runs } from './runs.ts';
import { type TrainingData, trainingData, trainTable } from './training-data.ts';
import { requireVersion } from './versions.ts';

/** Batches of runs, made again to be looked at. */
export interface RunBatches {
  /** Null: the step under way, or the last one. Errors: `run/no-batch`, those of `trainingData`. */
  view(run: number, step: number | null): Promise<BatchView>;
  /** The crop at `index` of a step as the network saw it, as PNG; null where the batch is not so long. */
  crop(run: number, step: number, index: number): Promise<Uint8Array | null>;
  close(): void;
}

const keptMs = 60_000;

interface RunPictures {
  readonly data: TrainingData;
  /** Of its identities. */
  readonly names: ReadonlyMap<number, string>;
  readonly options: BatchOptions;
}

function batchOptions(
  recipe: Recipe,
  crops: CropTable,
  { packsDir, pluginsDir }: Pick<BatchOptions, 'packsDir' | 'pluginsDir'>,
): BatchOptions {
  return {
    ...{ crops, packsDir, pluginsDir, size: recipe.network.size, seed: recipe.seed },
    ...{ augmentation: recipe.data.augmentation, sampler: recipe.data.sampler },
    stepImages: recipe.batch * recipe.accumulation,
  };
}

export function openBatches(context: Pick<Context, 'store' | 'library' | 'plugins'>, runs: Runs): RunBatches {
  const { store, library, plugins } = context;
  // Dozens of pictures of one batch are asked for one after the other.
  const pictures = recent(async (run: number): Promise<RunPictures> => {
    const { recipe } = runs.require(run);
    plugins.permit(recipe);
    const data = trainingData(store, recipe);
    const names = versionIdentities(store, data.version.id);
    const dirs = { packsDir: library.packsDir, pluginsDir: plugins.keptDir };
    return { data, names, options: batchOptions(recipe, trainTable(data), dirs) };
  }, keptMs);
  const rendered = recent(async (key: string): Promise<RenderedBatch> => {
    const [run = 0, step = 0] = key.split('/').map(Number);
    return await renderBatch((await pictures.get(run)).options, step - 1);
  }, keptMs);

  /** The number of a step that there is, counted from 1. */
  const stepOf = (run: StoredRun, wanted: number | null): number => {
    const present = Math.min(run.steps, run.step + (run.state === 'running' ? 1 : 0));
    const step = wanted ?? Math.max(1, present);
    if (step >= 1 && step <= run.steps) return step;
    throw error('run/no-batch', { name: run.name, step, steps: run.steps });
  };
  /** The run, whose pictures are all there: what was erased is not shown from memory. Error: `version/incomplete`. */
  const whole = (id: number): StoredRun => {
    const run = runs.require(id);
    const { missing, name } = requireVersion(store, run.version.id);
    if (missing > 0) throw error('version/incomplete', { missing, name });
    return run;
  };
  return {
    view: async (id, wanted) => {
      const run = whole(id);
      const step = stepOf(run, wanted);
      const { data, names, options } = await pictures.get(id);
      const { sampler, stepImages, crops, seed, pluginsDir } = options;
      const order = await epochOrder(sampler, stepImages, pluginsDir);
      const { indices } = openSampler(order, { classes: crops.classes, seed, stepImages }).step(step - 1);
      const items = Array.from(indices, (index) => {
        const place = data.places[data.split.train[index] ?? 0];
        return { crop: place?.crop ?? '', identity: names.get(place?.identity ?? -1) ?? '' };
      });
      return { step, items };
    },
    crop: async (id, wanted, index) => {
      const step = stepOf(whole(id), wanted);
      const image = (await rendered.get(`${id}/${step}`)).images[index];
      return image === undefined ? null : await encodeCrop(image);
    },
    close: () => {
      pictures.close();
      rendered.close();
    },
  };
}
