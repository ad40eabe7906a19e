import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { topK } from '../../../src/core/faces/top-k.ts';

const random = seededRandom(9);

function bySorting(scores: Float32Array, k: number, mask?: Uint8Array): number[] {
  return [...scores.keys()]
    .filter((i) => !Number.isNaN(scores[i]) && mask?.[i] !== 0)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
    .slice(0, k);
}

describe('topK', () => {
  it('is what sorting gives, with ties, masks and missing numbers', () => {
    for (let round = 0; round < 300; round++) {
      const n = random.int(60);
      const levels = 1 + random.int(12);
      const scores = Float32Array.from({ length: n }, () =>
        random.next() < 0.05 ? Number.NaN : random.int(levels) / levels - 0.5,
      );
      const mask = round % 2 === 0 ? Uint8Array.from({ length: n }, () => random.int(2)) : undefined;
      const k = random.int(70);
      const wanted = bySorting(scores, k, mask);
      const best = topK(scores, k, mask);
      expect([...best.indices]).toEqual(wanted);
      expect([...best.scores]).toEqual(wanted.map((i) => scores[i]));
    }
  });

  it('finds the best of many', () => {
    const scores = Float32Array.from({ length: 50_000 }, () => random.next());
    expect([...topK(scores, 10).indices]).toEqual(bySorting(scores, 10));
  });

  it('takes −∞ as a score like others', () => {
    expect([...topK([Number.NEGATIVE_INFINITY, 1], 2).indices]).toEqual([1, 0]);
  });
});
