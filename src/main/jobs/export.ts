import { basename } from 'node:path';
import { assert } from '../../core/base/assert.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import { seededRandom } from '../../core/base/random.ts';
import type { NetworkPlan, Pixels } from '../../core/compile/1-build.ts';
import { compileExport } from '../../core/compile/export.ts';
import { compileInference } from '../../core/compile/inference.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { recipeDifferences } from '../../core/recipe/difference.ts';
import { planOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { openPackReader } from '../datasets/pack.ts';
import { openSession } from '../engine/session.ts';
import type { Tensor } from '../engine/tensor.ts';
import { configureImages } from '../images/setup.ts';
import { writeAtomically } from '../models/files.ts';
import { readCheckpoint } from '../training/checkpoint.ts';
import { readPictures } from '../training/pictures.ts';
import type { Job } from './job.ts';
import type { ExportSetup } from './train-protocol.ts';

/** The largest difference that is let through. */
const tolerance = 1e-4;
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
  const { header, state } = await readCheckpoint(checkpoint);
  const differences = recipeDifferences(header.recipe, recipe).map(({ path }) => path);
  const paths = differences.filter((path) => path.startsWith('network.'));
  if (paths.length > 0) throw error('training/other-recipe', { file: checkpoint, paths: paths.join(', ') });
  const plan: NetworkPlan = planOf(recipe, 2); // the head stays behind, whatever its classes
  const origin = { recipe: JSON.stringify(forOthers(recipe)), version: recipe.data.version };
  const bytes = writeOnnx(compileExport(plan, state.tensors, origin));
  const images = await picturesOf(setup);
  if (context.signal.aborted) throw new Cancelled();
  const trained = writeOnnx(compileInference(plan, state.tensors));
  const { threads } = setup;
  const wanted = await embeddings(trained, 'images', pixels(images, plan.size), threads);
  const got = await embeddings(bytes, 'input', normalised(images, plan), threads);
  const parity = largestDifference(wanted, got);
  if (!(parity <= tolerance))
    throw error('training/export-differs', { parity: parity.toPrecision(2), tolerance });
  if (context.signal.aborted) throw new Cancelled();
  await writeAtomically(setup.path, bytes).catch((thrown: unknown) => {
    throw error('file/cannot-write', { path: setup.path, detail: messageOf(thrown) }, thrown);
  });
  return { parity, bytes: bytes.length };
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
  if (count === 0) {
    const random = seededRandom(1);
    return new Uint8Array(4 * size * size * 3).map(() => random.int(256));
  }
  const reader = openPackReader(packsDir, 'crops');
  try {
    return await readPictures(reader, crops, [...Array(count).keys()], size);
  } finally {
    await reader.close();
  }
}

function pixels(images: Uint8Array, size: number): Tensor {
  return { shape: [images.length / (size * size * 3), size, size, 3], data: images };
}

/** [n, 3, size, size]: (pixel − mean)/deviation in the network's order of colours, as other programs will do. */
function normalised(images: Uint8Array, { size, pixels: how }: NetworkPlan): Tensor {
  const { mean, deviation, order }: Pixels = how;
  const plane = size * size;
  const count = images.length / (plane * 3);
  const data = new Float32Array(images.length);
  for (let i = 0; i < images.length; i++) {
    const [n, place, colour] = [Math.floor(i / (plane * 3)), Math.floor(i / 3) % plane, i % 3];
    const channel = order === 'bgr' ? 2 - colour : colour;
    data[(n * 3 + channel) * plane + place] = ((images[i] ?? 0) - mean) / deviation;
  }
  return { shape: [count, 3, size, size], data };
}

/** In small batches: the network's inner values of 64 pictures at once would take gigabytes. */
async function embeddings(
  bytes: Uint8Array,
  input: string,
  { shape, data }: Tensor,
  threads: number,
): Promise<Float32Array> {
  const session = await openSession({ name: 'the exported network', bytes }, { threads });
  const [count = 0, ...rest] = shape;
  const each = data.length / count;
  const parts: Float32Array[] = [];
  try {
    for (let from = 0; from < count; from += 8) {
      const to = Math.min(count, from + 8);
      const feed = { shape: [to - from, ...rest], data: data.slice(from * each, to * each) };
      const { embedding } = await session.run({ [input]: feed });
      assert(embedding?.data instanceof Float32Array, 'the embeddings');
      parts.push(embedding.data.slice());
    }
  } finally {
    await session.close();
  }
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

function largestDifference(wanted: Float32Array, got: Float32Array): number {
  assert(wanted.length === got.length, `${got.length} numbers for ${wanted.length}`);
  let [difference, largest] = [0, 1];
  for (const [i, value] of wanted.entries()) {
    // Math.max keeps what is not a number
    difference = Math.max(difference, Math.abs(value - (got[i] ?? 0)));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
