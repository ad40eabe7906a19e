import { describe, expect, it } from 'vitest';
import { drawPairs } from '../../../src/core/training/pairs.ts';

function people(counts: readonly number[]): Int32Array {
  return Int32Array.from(counts.flatMap((count, identity) => Array<number>(count).fill(identity * 3 + 1)));
}

function listed(identities: Int32Array, asked: number, seed = 4) {
  const { pairs, same } = drawPairs(identities, asked, seed);
  return Array.from(same, (is, i) => {
    const a = pairs[2 * i] ?? -1;
    const b = pairs[2 * i + 1] ?? -1;
    expect(a).toBeGreaterThanOrEqual(0);
    expect(b).toBeGreaterThan(a);
    expect(b).toBeLessThan(identities.length);
    expect(identities[a] === identities[b]).toBe(is === 1);
    return { a, b, same: is };
  });
}

describe('drawPairs', () => {
  it.each([
    [[3, 4, 5, 6, 7], 40, 40],
    [[3, 4, 5, 6, 7], 41, 40],
    [[10, 10], 1000, 180], // 90 of one, 100 of two
    [[2, 2, 2], 1000, 6],
    [[50, 1], 1000, 100], // 1225 of one, 50 of two
    [[1, 1, 1, 1], 100, 0],
    [[9], 100, 0],
    [[], 100, 0],
  ])('of %j gives %i pairs as far as there are: %i, half and half, none twice', (counts, asked, wanted) => {
    const pairs = listed(people(counts), asked);
    expect(pairs.length).toBe(wanted);
    expect(new Set(pairs.map(({ a, b }) => `${a} ${b}`)).size).toBe(wanted);
    expect(pairs.map(({ same }) => same)).toEqual(pairs.map((_, i) => (i % 2 === 0 ? 1 : 0)));
  });

  it('has ten balanced folds, in each of which most people appear', () => {
    const identities = people(Array<number>(20).fill(10));
    const pairs = listed(identities, 1000);
    for (let fold = 0; fold < 10; fold++) {
      const part = pairs.slice(fold * 100, (fold + 1) * 100);
      expect(part.filter(({ same }) => same === 1).length).toBe(50);
      expect(new Set(part.map(({ a }) => identities[a])).size).toBeGreaterThan(15);
    }
  });

  it('draws people, not pictures: one with many pictures does not decide alone', () => {
    const identities = people([200, ...Array<number>(19).fill(5)]);
    const pairs = listed(identities, 200);
    const ofFirst = pairs.filter(({ a, same }) => same === 1 && identities[a] === 1).length;
    expect(ofFirst).toBe(5); // a hundred pairs go round twenty people
    const withFirst = pairs.filter(({ a, same }) => same === 0 && identities[a] === 1).length;
    expect(withFirst).toBeLessThan(25); // expected: a tenth
  });

  it('follows the seed', () => {
    const identities = people([10, 10, 10, 10]);
    expect(listed(identities, 60, 1)).toEqual(listed(identities, 60, 1));
    expect(listed(identities, 60, 1)).not.toEqual(listed(identities, 60, 2));
  });

  it('draws from many pictures without listing all their pairs', () => {
    const identities = new Int32Array(100_000).map((_, row) => row % 3);
    expect(listed(identities, 100).length).toBe(100);
  });
});
