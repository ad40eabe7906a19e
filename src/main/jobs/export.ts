import { basename } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { NetworkPlan } from '../../core/compile/1-build.ts';
import { averageName, inUse } from '../../core/compile/average.ts';
import { recipeDifferences } from '../../core/recipe/difference.ts';
import { planOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { wantedOf } from '../../core/weights/match.ts';
import { openPackReader } from '../datasets/pack.ts';
import { configureImages } from '../images/setup.ts';
import { extrasOf } from '../plugins/use.ts';
import { readCheckpoint } from '../training/checkpoint.ts';
import { readPictures } from '../training/pictures.ts';
import type { Job } from './job.ts';
import type { ExportSetup } from './train-protocol.ts';
import { noisePictures, writeProven } from './write-proven.ts';

/** So many are compared, at most. */
const mostCrops = 64;

/**
 * Writes the network of a checkpoint as an ONNX file for other programs, once it has given the same embeddings as the
 * trained network. Summary: `parity`, the largest difference between numbers of the two (as a part of the largest number, where
 * that is above 1), and `bytes`. Throws `training/checkpoint-damaged`, `training/other-recipe`, `training/export-differs`
 * and `file/cannot-write`.
 */
export const exportJob: Job<ExportSetup, Record<string, never>> = async (setup, _host, context) => {
  configureImages();
  const { recipe, checkpoint } = setup;
  const plan: NetworkPlan = planOf(recipe, 2, await extrasOf(setup)); // the head stays behind, whatever its classes
  const needed = new Set(wantedOf(plan).flatMap(({ name }) => [name, averageName(name)]));
  const { header, state } = await readCheckpoint(checkpoint, ({ name, length }) =>
    needed.has(name) ? new Float32Array(length) : null,
  );
  const trained = inUse(state.tensors, state.step);
  const differences = recipeDifferences(header.recipe, recipe).map(({ path }) => path);
  const paths = differences.filter((path) => path.startsWith('network.'));
  if (paths.length > 0) throw error('training/other-recipe', { file: checkpoint, paths: paths.join(', ') });
  const origin = { recipe: JSON.stringify(forOthers(recipe)), version: recipe.data.version };
  const images = await picturesOf(setup);
  const { path, threads } = setup;
  return writeProven({ plan, trained, origin, images, path, threads }, context.signal);
};

/** The recipe without folders of this machine: the file is given to others. */
function forOthers(recipe: Recipe): Recipe {
  const { sampler } = recipe.data;
  if (sampler.kind !== 'module') return recipe;
  return { ...recipe, data: { ...recipe.data, sampler: { ...sampler, file: basename(sampler.file) } } };
}

/** [n, size, size, 3]: real crops, or noise where there are none. */
async function picturesOf({ recipe, crops, packsDir }: ExportSetup): Promise<Uint8Array> {
  const { size } = recipe.network;
  const count = Math.min(mostCrops, crops.classes.length);
  if (count === 0) return noisePictures(size);
  const reader = openPackReader(packsDir, 'crops');
  try {
    return await readPictures(reader, crops, [...Array(count).keys()], size);
  } finally {
    await reader.close();
  }
}
