import { assert } from '../base/assert.ts';

/** The best of a list of scores, best first. */
export interface TopK {
  /** Where they are in the list. */
  readonly indices: Uint32Array;
  readonly scores: Float32Array;
}

/**
 * The `k` highest of `scores`, highest first; of equal scores the one with the lower index comes first. Entries whose
 * `mask` is 0, and scores that are not numbers, are left out; there may be fewer than `k` then.
 * One pass with a heap of k entries: n + m·log k steps, where m is how often the k best change.
 */
export function topK(scores: ArrayLike<number>, k: number, mask?: ArrayLike<number>): TopK {
  assert(Number.isInteger(k) && k >= 0, `the best ${k}`);
  assert(mask === undefined || mask.length === scores.length, 'a mask of the same length');
  const heap = new Uint32Array(Math.min(k, scores.length)); // worst of the best at 0
  let size = 0;
  const at = (place: number): number => heap[place] ?? 0;
  const score = (index: number): number => scores[index] ?? 0;
  /** Whether the entry a is worse than b: a lower score, or the same one later in the list. */
  const worse = (a: number, b: number): boolean => score(a) < score(b) || (score(a) === score(b) && a > b);

  const sink = (entry: number): void => {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && worse(at(child + 1), at(child))) child++;
      if (!worse(at(child), entry)) break;
      heap[place] = at(child);
      place = child;
    }
    heap[place] = entry;
  };

  let least = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index++) {
    const value = scores[index] ?? 0;
    if (size === heap.length && !(value > least)) continue;
    if (Number.isNaN(value) || (mask && mask[index] === 0)) continue;
    if (size < heap.length) {
      let place = size++;
      for (; place > 0; place = (place - 1) >> 1) {
        const parent = at((place - 1) >> 1);
        if (!worse(index, parent)) break;
        heap[place] = parent;
      }
      heap[place] = index;
    } else if (size > 0) sink(index);
    if (size === heap.length && size > 0) least = score(at(0));
  }

  const indices = new Uint32Array(size);
  while (size > 0) {
    const last = at(0);
    const moved = at(--size);
    indices[size] = last;
    if (size > 0) sink(moved);
  }
  return { indices, scores: Float32Array.from(indices, (index) => score(index)) };
}
