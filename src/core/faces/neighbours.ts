import { assert } from '../base/assert.ts';
import { topK } from './top-k.ts';

/** For each of n vectors, the k others that are most like it. */
export interface Neighbours {
  /** How many there are in each list. */
  readonly k: number;
  /** [n, k], most alike first; −1 where a list is shorter. */
  readonly indices: Int32Array;
  /** [n, k], cosine similarities. */
  readonly similarities: Float32Array;
}

/**
 * Exact neighbour lists of `vectors` [n, size], each of length 1, by comparing all pairs: n²·size operations, right
 * for some ten thousand vectors and for tests. Beyond that the caller computes products in an engine and uses
 * `neighbourLists`.
 */
export function exactNeighbours(vectors: Float32Array, size: number, k: number): Neighbours {
  assert(size > 0 && vectors.length % size === 0, `vectors of ${size} numbers`);
  const n = vectors.length / size;
  const row = new Float32Array(n);
  return neighbourLists(n, k, (i) => {
    const query = vectors.subarray(i * size, (i + 1) * size);
    for (let j = 0; j < n; j++) {
      const start = j * size;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let t = 0;
      for (; t + 3 < size; t += 4) {
        a += (query[t] ?? 0) * (vectors[start + t] ?? 0);
        b += (query[t + 1] ?? 0) * (vectors[start + t + 1] ?? 0);
        c += (query[t + 2] ?? 0) * (vectors[start + t + 2] ?? 0);
        d += (query[t + 3] ?? 0) * (vectors[start + t + 3] ?? 0);
      }
      for (; t < size; t++) a += (query[t] ?? 0) * (vectors[start + t] ?? 0);
      row[j] = a + b + (c + d);
    }
    return row;
  });
}

/** Neighbour lists from the similarities of each vector to all n, which `similaritiesOf(i)` gives; itself is left out. */
export function neighbourLists(
  n: number,
  k: number,
  similaritiesOf: (index: number) => Float32Array,
): Neighbours {
  const count = Math.max(0, Math.min(k, n - 1));
  const indices = new Int32Array(n * count).fill(-1);
  const similarities = new Float32Array(n * count);
  const mask = new Uint8Array(n).fill(1);
  for (let i = 0; i < n; i++) {
    mask[i] = 0;
    const best = topK(similaritiesOf(i), count, mask);
    mask[i] = 1;
    indices.set(best.indices, i * count);
    similarities.set(best.scores, i * count);
  }
  return { k: count, indices, similarities };
}
