import type { Recipe } from '../../core/recipe/recipe.ts';
import { requirePrecision } from '../engine/devices.ts';
import type { TrainSetup } from '../jobs/train-protocol.ts';
import type { Context } from './context.ts';
import { benchmarkSets, validationBenchmarks } from './training-benchmarks.ts';
import type { TrainingData } from './training-data.ts';
import { trainTable, validationSets } from './training-data.ts';
import type { Devices } from './training-devices.ts';

/**
 * What a training process is told of a recipe on its data, from the beginning. Errors: those of `Devices.resolve` and
 * `validationBenchmarks`, and `engine/no-half-precision`.
 */
export async function trainSetup(
  context: Pick<Context, 'backbones' | 'plugins' | 'library' | 'store'>,
  devices: Devices,
  recipe: Recipe,
  data: TrainingData,
  checkpointsDir: string,
): Promise<{ readonly setup: TrainSetup; readonly note: string | null }> {
  const device = await devices.resolve(recipe.device);
  requirePrecision(recipe, device);
  await context.backbones.keep(recipe.network.backbone);
  await context.plugins.keep(recipe);
  const versionSets = validationSets(data, recipe);
  const setup: TrainSetup = {
    // Where another engine is used instead, the process is told of that one.
    recipe: { ...recipe, device: { ...recipe.device, engine: device.engine } },
    classes: data.split.identityOf.length,
    crops: trainTable(data),
    validation: [
      ...versionSets,
      ...benchmarkSets(
        context.store,
        validationBenchmarks(context.store, recipe),
        versionSets.map(({ name }) => name),
      ),
    ],
    packsDir: context.library.packsDir,
    backbonesDir: context.backbones.dir,
    pluginsDir: context.plugins.keptDir,
    checkpointsDir,
    resume: null,
    fork: false,
    provider: device.provider,
    threads: devices.threads(recipe.device),
  };
  return { setup, note: device.note };
}
