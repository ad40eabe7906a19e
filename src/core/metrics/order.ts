import { assert } from '../base/assert.ts';

/** Indices by ascending score; equal ones in their order. */
export function ascending(scores: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i);
  for (const i of order) assert(Number.isFinite(scores[i]), () => `score ${i} is a number`);
  return order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
}
