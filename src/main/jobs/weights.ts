import { basename } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { Pixels } from '../../core/compile/1-build.ts';
import { inUse } from '../../core/compile/average.ts';
import { recipeDifferences } from '../../core/recipe/difference.ts';
import { planOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Layout } from '../../core/weights/layouts.ts';
import type { WeightsReport } from '../../core/weights/match.ts';
import { extrasOf } from '../plugins/use.ts';
import { readCheckpoint } from '../training/checkpoint.ts';
import { type FitOptions, fitWeights, readNetwork, writeWeights } from '../training/weights.ts';
import type { Job } from './job.ts';
import { noisePictures, writeProven } from './write-proven.ts';

/** Checkpoints of PyTorch are read and written in processes of their own: they are large, and files of others. */

export interface ReadWeightsSetup extends FitOptions {
  readonly path: string;
  /** An ONNX file to write; null: it is only looked at. */
  readonly out: string | null;
  /** Null: as networks of its layout are given them. */
  readonly pixels: Pixels | null;
  readonly threads: number;
}

export interface ReadWeightsHost {
  /** Told once, before anything is written. */
  fitted(report: WeightsReport): Promise<void>;
}

/** What both projects give their networks; Lineament's usual values otherwise. */
export function usualPixels(layout: Layout): Pixels {
  if (layout === 'facex') return { order: 'bgr', mean: 127.5, deviation: 128 };
  return { order: 'rgb', mean: 127.5, deviation: 127.5 };
}

/**
 * Looks how a checkpoint of PyTorch fits a backbone, and writes it as an ONNX file. Summary: `parity` and `bytes` of the file.
 * Throws what `readNetwork` and `writeProven` do.
 */
export const readWeightsJob: Job<ReadWeightsSetup, ReadWeightsHost> = async (setup, host, { signal }) => {
  const { path, out, backbone, size, threads } = setup;
  if (out === null) {
    await host.fitted(await fitWeights(path, { backbone, size }));
    return {};
  }
  const { network, tensors, report } = await readNetwork(path, { backbone, size }, signal);
  await host.fitted(report);
  const plan = { ...network, pixels: setup.pixels ?? usualPixels(report.layout) };
  const origin = { recipe: null, version: null };
  const images = noisePictures(network.size);
  const { parity, bytes } = await writeProven(
    { plan, trained: tensors, origin, images, path: out, threads },
    signal,
  );
  return { parity, bytes };
};

export interface WriteWeightsSetup {
  readonly recipe: Recipe;
  readonly checkpoint: string;
  /** The `.pth` file; replaced only by a whole one. */
  readonly path: string;
  readonly layout: Layout;
  /** Where networks of files are kept; left out, there are none. */
  readonly backbonesDir?: string;
  /** Where plugins are kept; left out, there are none. */
  readonly pluginsDir?: string;
}

/**
 * Writes the network of a run's checkpoint as a state dictionary of PyTorch. Summary: `bytes` and `tensors`. Throws
 * `training/checkpoint-damaged`, `training/other-recipe`, `weights/no-layout`, `pack/write-failed`.
 */
export const writeWeightsJob: Job<WriteWeightsSetup, Record<string, never>> = async (setup) => {
  const { recipe, checkpoint, path, layout } = setup;
  const { header, state } = await readCheckpoint(checkpoint);
  const differences = recipeDifferences(header.recipe, recipe).map((difference) => difference.path);
  const paths = differences.filter((name) => name.startsWith('network.'));
  if (paths.length > 0)
    throw error('training/other-recipe', { file: basename(checkpoint), paths: paths.join(', ') });
  const { backbone, settings, size } = planOf(recipe, 2, await extrasOf(setup));
  const { bytes, tensors } = await writeWeights(path, layout, {
    network: { backbone, settings, size },
    tensors: inUse(state.tensors, state.step),
    step: header.step,
    epoch: header.epoch,
  });
  return { bytes, tensors };
};
