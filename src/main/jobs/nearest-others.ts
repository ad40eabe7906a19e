import { setImmediate } from 'node:timers/promises';
import { Cancelled } from '../../core/base/errors.ts';
import type { Neighbours } from '../../core/faces/neighbours.ts';
import { openSimilarity } from '../engine/similarity.ts';
import type { JobContext } from './job.ts';

/** Faces compared with all others in one product: their scores then take 256 × n floats. */
const block = 256;

/** The `k` faces that are most like each, exactly, by products of blocks. `vectors`: unit, [n, width]. Throws `Cancelled`. */
export async function nearestOthers(
  { vectors, width, k }: { readonly vectors: Float32Array; readonly width: number; readonly k: number },
  threads: number,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<Neighbours> {
  const n = vectors.length / width;
  const indices = new Int32Array(n * k).fill(-1);
  const similarities = new Float32Array(n * k);
  if (k === 0) return { k, indices, similarities };
  const engine = await openSimilarity(width, threads);
  try {
    for (let start = 0; start < n; start += block) {
      if (signal.aborted) throw new Cancelled();
      const count = Math.min(block, n - start);
      const queries = vectors.subarray(start * width, (start + count) * width);
      const found = await engine.nearest(queries, vectors, k + 1); // a face is its own nearest
      for (let i = 0; i < count; i++) {
        let to = (start + i) * k;
        const end = to + k;
        for (let j = 0; j <= k && to < end; j++) {
          const other = Number(found.rows[i * (k + 1) + j] ?? -1);
          if (other === start + i) continue;
          indices[to] = other;
          similarities[to] = found.scores[i * (k + 1) + j] ?? 0;
          to++;
        }
      }
      progress(start + count, n);
      await setImmediate(); // lets messages in between two products
    }
  } finally {
    await engine.close();
  }
  return { k, indices, similarities };
}
