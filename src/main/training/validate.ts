import { setImmediate } from 'node:timers/promises';
import { flip } from '../../core/augment/flip.ts';
import { assert, defined } from '../../core/base/assert.ts';
import { Cancelled } from '../../core/base/errors.ts';
import type { NetworkPlan } from '../../core/compile/1-build.ts';
import { compileInference } from '../../core/compile/inference.ts';
import type { Evaluation } from '../../core/contract/runs.ts';
import { areaUnderCurve, tarCurve, verify } from '../../core/metrics/verification.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { openPackReader, type PackReader } from '../datasets/pack.ts';
import { type EngineOptions, openSession, type Session } from '../engine/session.ts';
import type { ValidationSet } from './crops.ts';
import { readPictures } from './pictures.ts';

/** How a network in training is verified. */
export interface ValidationOptions extends EngineOptions {
  readonly plan: NetworkPlan;
  readonly sets: readonly ValidationSet[];
  readonly packsDir: string;
  /** Add the embedding of the mirrored crop, as face.evoLVe does. */
  readonly flip: boolean;
  readonly signal: AbortSignal;
}

const batch = 32;

/**
 * Verifies a network on pairs, set after set: cosines of embeddings by running statistics, ten folds. `trained` has its
 * numbers by name. Between batches the event loop turns. Throws `Cancelled`, and what reading crops does.
 *
 * The network is compiled with the numbers as constants at every validation: that takes less than a second, and its
 * convolutions are faster than with filters that are inputs; nothing of it stays in memory while training goes on.
 */
export async function* validate(
  options: ValidationOptions,
  trained: ReadonlyMap<string, Float32Array>,
  step: number,
): AsyncGenerator<Evaluation> {
  const { plan, sets, packsDir } = options;
  const model = compileInference(plan, trained);
  const session = await openSession({ name: 'the network in training', bytes: writeOnnx(model) }, options);
  const reader = openPackReader(packsDir, 'crops');
  try {
    for (const set of sets) {
      const scores = await scoresOf(set, session, reader, options);
      yield {
        ...{ step, set: set.name, pairs: scores.length },
        ...verify({ scores, same: set.same }),
        tarAtFar: tarCurve({ scores, same: set.same }),
        auc: areaUnderCurve({ scores, same: set.same }),
      };
    }
  } finally {
    await reader.close();
    await session.close();
  }
}

/** [pairs]: cosines. An embedding that is no number is like nothing: −1. */
async function scoresOf(
  { crops, pairs }: ValidationSet,
  session: Session,
  reader: PackReader,
  options: ValidationOptions,
): Promise<Float32Array> {
  const used = [...new Set(pairs)].toSorted((a, b) => a - b);
  const rows = new Map<number, Float32Array>();
  const load = (from: number): Promise<Uint8Array> =>
    readPictures(reader, crops, used.slice(from, from + batch), options.plan.size);
  let loaded = load(0);
  for (let from = 0; from < used.length; from += batch) {
    const images = await loaded;
    if (options.signal.aborted) throw new Cancelled();
    const count = Math.min(batch, used.length - from);
    loaded = from + batch < used.length ? load(from + batch) : Promise.resolve(new Uint8Array());
    loaded.catch(() => {}); // it is awaited in the next turn
    await setImmediate();
    const embedded = await embed(session, images, count, options);
    for (let i = 0; i < count; i++) rows.set(used[from + i] ?? 0, defined(embedded[i], `embedding ${i}`));
  }
  return Float32Array.from({ length: pairs.length / 2 }, (_, i) =>
    dot(rows.get(pairs[2 * i] ?? 0), rows.get(pairs[2 * i + 1] ?? 0)),
  );
}

/** Embeddings of length 1, of crops and, if asked, their mirror images added. `images` is turned round then. */
async function embed(
  session: Session,
  images: Uint8Array,
  count: number,
  { plan: { size }, flip: mirrored }: ValidationOptions,
): Promise<readonly Float32Array[]> {
  const run = async (): Promise<Float32Array> => {
    const { embedding } = await session.run({ images: { shape: [count, size, size, 3], data: images } });
    assert(embedding?.data instanceof Float32Array, 'the embeddings');
    return embedding.data;
  };
  const sums = await run();
  if (mirrored) {
    for (let i = 0; i < count; i++) {
      const data = images.subarray(i * size * size * 3, (i + 1) * size * size * 3);
      flip({ width: size, height: size, data });
    }
    const others = await run();
    for (const [i, other] of others.entries()) sums[i] = (sums[i] ?? 0) + other;
  }
  const d = sums.length / count;
  return Array.from({ length: count }, (_, i) => unit(sums.slice(i * d, (i + 1) * d)));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** Of unit vectors, within −1..1. */
function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  assert(a !== undefined && b !== undefined, 'both crops of a pair are embedded');
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return Number.isFinite(sum) ? Math.max(-1, Math.min(1, sum)) : -1;
}
