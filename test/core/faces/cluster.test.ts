import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { cluster } from '../../../src/core/faces/cluster.ts';
import { exactNeighbours } from '../../../src/core/faces/neighbours.ts';
import { pairwiseAgreement } from '../../../src/core/metrics/pairwise.ts';

const size = 16;

/** Unit vectors around one direction per person, and who is who. */
function people(
  counts: readonly number[],
  spread: number,
  seed: number,
): { vectors: Float32Array; truth: number[] } {
  const random = seededRandom(seed);
  const rows: number[][] = [];
  const truth: number[] = [];
  for (const [person, count] of counts.entries()) {
    const middle = Array.from({ length: size }, () => random.normal());
    for (let i = 0; i < count; i++) {
      const row = middle.map((m) => m + spread * random.normal());
      const length = Math.hypot(...row);
      rows.push(row.map((v) => v / length));
      truth.push(person);
    }
  }
  return { vectors: Float32Array.from(rows.flat()), truth };
}

/** Average linkage from its definition: the best pair first, means over all pairs of members. */
function bruteForce(
  vectors: Float32Array,
  threshold: number,
  allowed: (a: number[], b: number[]) => boolean = () => true,
): number[] {
  const n = vectors.length / size;
  const dot = (i: number, j: number): number => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (vectors[i * size + d] ?? 0) * (vectors[j * size + d] ?? 0);
    return sum;
  };
  let groups = Array.from({ length: n }, (_, i) => [i]);
  for (;;) {
    let best: { a: number[]; b: number[]; s: number } | null = null;
    for (const [i, a] of groups.entries())
      for (const b of groups.slice(i + 1)) {
        const s =
          a.flatMap((x) => b.map((y) => dot(x, y))).reduce((p, q) => p + q, 0) / (a.length * b.length);
        if (s >= threshold && (best === null || s > best.s) && allowed(a, b)) best = { a, b, s };
      }
    if (!best) break;
    const { a, b } = best;
    groups = [...groups.filter((g) => g !== a && g !== b), [...a, ...b]];
  }
  const out = new Array<number>(n).fill(0);
  groups.sort((a, b) => Math.min(...a) - Math.min(...b));
  for (const [g, members] of groups.entries()) for (const m of members) out[m] = g;
  return out;
}

describe('cluster', () => {
  it('is average linkage where the lists are complete', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { vectors } = people([1, 5, 8, 3, 7, 1, 9], 0.9, seed);
      const neighbours = exactNeighbours(vectors, size, 100);
      for (const threshold of [0.2, 0.4, 0.6])
        expect([...cluster(vectors, size, neighbours, { threshold })]).toEqual(
          bruteForce(vectors, threshold),
        );
    }
  });

  it('finds people without being told how many, also where lists are shorter than groups', () => {
    const { vectors, truth } = people([60, 3, 25, 1, 90, 12, 40, 2], 0.35, 4);
    const groups = cluster(vectors, size, exactNeighbours(vectors, size, 12), { threshold: 0.6 });
    expect(pairwiseAgreement(groups, truth).f1).toBe(1);
    expect(groups[0]).toBe(0);
  });

  it('does not depend on the order of the vectors', () => {
    const { vectors } = people([6, 9, 4, 12], 0.7, 8);
    const n = vectors.length / size;
    const random = seededRandom(1);
    const order = Array.from({ length: n }, (_, i) => i).sort(() => random.next() - 0.5);
    const shuffled = Float32Array.from(order.flatMap((i) => [...vectors.subarray(i * size, (i + 1) * size)]));
    const options = { threshold: 0.5 };
    const plain = cluster(vectors, size, exactNeighbours(vectors, size, 20), options);
    const other = cluster(shuffled, size, exactNeighbours(shuffled, size, 20), options);
    expect(
      pairwiseAgreement(
        other,
        order.map((i) => plain[i] ?? -1),
      ).f1,
    ).toBe(1);
  });

  it('joins what the user confirmed as one person, and never two confirmed persons', () => {
    const { vectors } = people([8, 8], 0.4, 2);
    const neighbours = exactNeighbours(vectors, size, 15);
    // the first two of each true person are confirmed: person 7 has one of each, 9 the others
    const identities = new Int32Array(16).fill(-1);
    identities.set([7, 9], 0);
    identities.set([7, 9], 8);
    const groups = cluster(vectors, size, neighbours, { threshold: -0.9, identities });
    expect(groups[0]).toBe(groups[8]);
    expect(groups[1]).toBe(groups[9]);
    expect(groups[0]).not.toBe(groups[1]);
  });

  it('keeps apart what the user kept apart, as average linkage with that rule does', () => {
    for (let seed = 20; seed < 26; seed++) {
      const { vectors } = people([7, 6, 5], 0.6, seed);
      const apart = [
        [0, 1],
        [2, 9],
        [3, 4],
      ] as const;
      const allowed = (a: number[], b: number[]): boolean =>
        !apart.some(([x, y]) => (a.includes(x) && b.includes(y)) || (a.includes(y) && b.includes(x)));
      const groups = cluster(vectors, size, exactNeighbours(vectors, size, 30), {
        threshold: 0.3,
        apart: Int32Array.from(apart.flat()),
      });
      for (const [x, y] of apart) expect(groups[x]).not.toBe(groups[y]);
      expect(pairwiseAgreement(groups, bruteForce(vectors, 0.3, allowed)).precision).toBeGreaterThan(0.5);
    }
  });

  it('takes nothing and single vectors', () => {
    expect([
      ...cluster(
        new Float32Array(),
        size,
        { k: 0, indices: new Int32Array(), similarities: new Float32Array() },
        { threshold: 0.3 },
      ),
    ]).toEqual([]);
    const { vectors } = people([1], 0.5, 1);
    expect([...cluster(vectors, size, exactNeighbours(vectors, size, 5), { threshold: 0.3 })]).toEqual([0]);
  });
});

describe('exactNeighbours', () => {
  it('lists the most alike others, most alike first', () => {
    const { vectors } = people([9, 9, 9], 0.8, 3);
    const { k, indices, similarities } = exactNeighbours(vectors, size, 6);
    for (let i = 0; i < 27; i++) {
      const all = Array.from({ length: 27 }, (_, j) => {
        let sum = 0;
        for (let d = 0; d < size; d++) sum += (vectors[i * size + d] ?? 0) * (vectors[j * size + d] ?? 0);
        return { j, sum };
      }).filter(({ j }) => j !== i);
      all.sort((a, b) => b.sum - a.sum);
      expect([...indices.subarray(i * k, (i + 1) * k)]).toEqual(all.slice(0, 6).map(({ j }) => j));
      for (let e = 0; e < k; e++) expect(similarities[i * k + e]).toBeCloseTo(all[e]?.sum ?? 9, 6);
    }
  });
});
