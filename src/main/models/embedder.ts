import { join } from 'node:path';
import { flip } from '../../core/augment/flip.ts';
import { defined } from '../../core/base/assert.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import { halvings } from '../../core/faces/resample.ts';
import { type EngineOptions, openSession, type Session } from '../engine/session.ts';
import type { Tensor } from '../engine/tensor.ts';
import { inputTensor } from './preprocess.ts';

export interface EmbedOptions {
  readonly signal?: AbortSignal;
  /** Adds the embedding of the mirrored crop before normalising (face.evoLVe's way of testing, spec §1.7). */
  readonly flip?: boolean;
  /** Vectors as the network gives them, of any length; false unless told otherwise. */
  readonly raw?: boolean;
}

/** A face embedding network that is ready to run. It computes on the calling thread. */
export interface Embedder {
  readonly card: EmbeddingCard;
  /** Side of the crops that it takes, in pixels: others are resampled. */
  readonly cropSize: number;
  /** A vector of length 1 and `card.size` numbers for each aligned crop. */
  embed(crops: readonly RgbImage[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** The same with and without the mirrored crop's embedding, for little more than the time of the one with. */
  embedBoth(
    crops: readonly RgbImage[],
    options?: Pick<EmbedOptions, 'signal'>,
  ): Promise<{ readonly plain: readonly Float32Array[]; readonly mirrored: readonly Float32Array[] }>;
  close(): Promise<void>;
}

/** Crops in one run where the network takes any number; more do not make it faster on a processor. */
const batch = 8;

/** Loads the embedding of a card whose file `<id>.onnx` is in `dir`. Throws what `openSession` throws. */
export async function openEmbedder(
  card: EmbeddingCard,
  dir: string,
  options: EngineOptions = {},
): Promise<Embedder> {
  const side = card.input.height ?? 112;
  const session = await openSession(join(dir, `${card.id}.onnx`), options);
  const fixed = defined(session.inputs[0], 'an input').shape[0] ?? null;
  /** Raw vectors of the crops and, if asked, of their mirror images, a batch at a time. */
  async function* batches(crops: readonly RgbImage[], flip: boolean, signal: AbortSignal | undefined) {
    for (let start = 0; start < crops.length; start += fixed ?? batch) {
      if (signal?.aborted) throw new Cancelled();
      const some = crops.slice(start, start + (fixed ?? batch));
      const plain = await run(session, card, some, fixed);
      yield { plain, other: flip ? await run(session, card, some.map(mirror), fixed) : [] };
    }
  }
  const embed = async (crops: readonly RgbImage[], { signal, flip = false, raw }: EmbedOptions = {}) => {
    const vectors: Float32Array[] = [];
    for await (const { plain, other } of batches(crops, flip, signal)) {
      const sums = flip ? added(plain, other) : plain;
      vectors.push(...(raw ? sums : sums.map((vector) => normalise(vector, card))));
    }
    return vectors;
  };
  const embedBoth = async (
    crops: readonly RgbImage[],
    { signal }: Pick<EmbedOptions, 'signal'> = {},
  ): Promise<Awaited<ReturnType<Embedder['embedBoth']>>> => {
    const both = { plain: [] as Float32Array[], mirrored: [] as Float32Array[] };
    for await (const { plain, other } of batches(crops, true, signal)) {
      both.plain.push(...plain.map((vector) => normalise(vector, card)));
      both.mirrored.push(...added(plain, other).map((vector) => normalise(vector, card)));
    }
    return both;
  };
  return { card, cropSize: side, embed, embedBoth, close: () => session.close() };
}

/** Raw vectors of up to `fixed` crops; a network with a fixed batch has its last places filled with the first crop. */
async function run(
  session: Session,
  card: EmbeddingCard,
  crops: readonly RgbImage[],
  fixed: number | null,
): Promise<Float32Array[]> {
  const count = fixed ?? crops.length;
  const input = cropsTensor(card, crops, count);
  const results = await session.run({ [defined(session.inputs[0], 'an input').name]: input });
  const output = session.outputs
    .map(({ name }) => results[name])
    .find((tensor) => tensor?.data.length === count * card.size);
  if (!output || !(output.data instanceof Float32Array))
    throw error('model/bad-card', {
      path: card.id,
      detail: `size: the network has no output of ${card.size} numbers`,
    });
  const { data } = output;
  return crops.map((_, i) => data.slice(i * card.size, (i + 1) * card.size));
}

/** Crops as the network's input; the last of `count` places are filled with the first crop. */
export function cropsTensor(
  card: Pick<EmbeddingCard, 'input'>,
  crops: readonly RgbImage[],
  count: number,
): Tensor<Float32Array> {
  const width = card.input.width ?? 112;
  const height = card.input.height ?? 112;
  const patches = Array.from({ length: count }, (_, i) => {
    const crop = defined(crops[i] ?? crops[0], 'a crop');
    // Crops that were imported may be larger than the input: no pixel of theirs is skipped.
    const levels = 1 + Math.floor(Math.log2(Math.max(1, crop.width / width)));
    return { mips: halvings(crop, levels), area: { x: 0, y: 0, width: crop.width, height: crop.height } };
  });
  return inputTensor(patches, card.input, width, height);
}

/** Sums of two lists of vectors, one by one. */
function added(vectors: readonly Float32Array[], others: readonly Float32Array[]): Float32Array[] {
  return vectors.map((vector, i) => {
    const other = defined(others[i], `mirrored embedding ${i}`);
    return vector.map((value, k) => value + (other[k] ?? 0));
  });
}

/** The vector at length 1; `model/trial-failed` where it has no direction. */
function normalise(vector: Float32Array, card: EmbeddingCard): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0) || !Number.isFinite(squares))
    throw error('model/trial-failed', {
      path: card.id,
      task: 'embedding',
      detail: 'it gave a vector of zeros, or not of numbers',
    });
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}

/** The picture with left and right exchanged. */
export function mirror(image: RgbImage): RgbImage {
  const out = { ...image, data: image.data.slice() };
  flip(out);
  return out;
}
