import { assert } from '../../core/base/assert.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import { seededRandom } from '../../core/base/random.ts';
import type { NetworkPlan, Pixels } from '../../core/compile/1-build.ts';
import { compileExport, type ExportOrigin } from '../../core/compile/export.ts';
import { compileInference } from '../../core/compile/inference.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { openSession } from '../engine/session.ts';
import type { Tensor } from '../engine/tensor.ts';
import { writeAtomically } from '../models/files.ts';

/** The largest difference that is let through. */
const tolerance = 1e-4;

export interface ProvenExport {
  readonly plan: NetworkPlan;
  /** Parameters and running statistics by name. */
  readonly trained: ReadonlyMap<string, Float32Array>;
  readonly origin: ExportOrigin;
  /** [n, size, size, 3]: what both networks embed. */
  readonly images: Uint8Array;
  /** The ONNX file; replaced only by a whole one. */
  readonly path: string;
  readonly threads: number;
}

/**
 * Writes a network as an ONNX file for other programs, once it has given the same embeddings as the network that is built for
 * use here. Gives `parity`, the largest difference between numbers of the two (as a part of the largest number, where that is
 * above 1), and `bytes`. Throws `training/export-differs`, `file/cannot-write` and `Cancelled`.
 */
export async function writeProven(
  { plan, trained, origin, images, path, threads }: ProvenExport,
  signal: AbortSignal,
): Promise<{ readonly parity: number; readonly bytes: number }> {
  const bytes = writeOnnx(compileExport(plan, trained, origin));
  if (signal.aborted) throw new Cancelled();
  const used = writeOnnx(compileInference(plan, trained));
  const wanted = await embeddings(used, 'images', pixels(images, plan.size), threads);
  const got = await embeddings(bytes, 'input', normalised(images, plan), threads);
  const parity = largestDifference(wanted, got);
  if (!(parity <= tolerance))
    throw error('training/export-differs', { parity: parity.toPrecision(2), tolerance });
  if (signal.aborted) throw new Cancelled();
  await writeAtomically(path, bytes).catch((thrown: unknown) => {
    throw error('file/cannot-write', { path, detail: messageOf(thrown) }, thrown);
  });
  return { parity, bytes: bytes.length };
}

/** Four pictures of noise, for networks that there are no crops for. */
export function noisePictures(size: number): Uint8Array {
  const random = seededRandom(1);
  return new Uint8Array(4 * size * size * 3).map(() => random.int(256));
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
