import { describe, expect, it } from 'vitest';
import { hasCode } from '../../../src/core/base/errors.ts';
import { seededRandom, shuffle } from '../../../src/core/base/random.ts';
import { type SplitOptions, split } from '../../../src/core/training/split.ts';

/** Identity i has counts[i] pictures; all in a mixed order. */
function pictures(counts: readonly number[], seed = 3): Int32Array {
  const list = counts.flatMap((count, identity) => Array<number>(count).fill(identity));
  return shuffle(Int32Array.from(list), seededRandom(seed));
}

function options(by: 'identities' | 'images' | 'none', share: number, more: Partial<SplitOptions> = {}) {
  return { minImagesPerIdentity: 1, holdOut: { by, share }, seed: 7, ...more };
}

const tally = (list: Iterable<number>): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};

describe('split', () => {
  const mixed = pictures([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 20, 30, 2, 2, 2, 2, 40]);

  it.each([
    ['identities', 0.2],
    ['identities', 0.9],
    ['images', 0.1],
    ['images', 0.5],
    ['images', 0.9],
    ['none', 0.5],
  ] as const)('by %s, %f: every picture is in one part, with its own identity', (by, share) => {
    const parts = split(mixed, options(by, share, { minImagesPerIdentity: 2 }));
    const seen = [...parts.train, ...parts.heldOut].sort((a, b) => a - b);
    expect(new Set(seen).size).toBe(seen.length);
    const wanted = [...mixed.keys()].filter((row) => mixed[row] !== 0 && mixed[row] !== 12);
    expect(seen).toEqual(wanted);
    expect(parts.lowShot).toEqual({ identities: 2, images: 2 });
    expect([...parts.train]).toEqual([...parts.train].sort((a, b) => a - b));
    expect([...parts.heldOut]).toEqual([...parts.heldOut].sort((a, b) => a - b));
    expect(Array.from(parts.classes, (number) => parts.identityOf[number])).toEqual(
      Array.from(parts.train, (row) => mixed[row]),
    );
    expect([...parts.heldOutIdentities]).toEqual(Array.from(parts.heldOut, (row) => mixed[row]));
    // dense: every class has pictures, none is named twice
    expect(tally(parts.classes).size).toBe(parts.identityOf.length);
    expect(new Set(parts.identityOf).size).toBe(parts.identityOf.length);
  });

  it('holds out whole people of two pictures and more, as many as the share of all', () => {
    const many = pictures([...Array<number>(40).fill(1), ...Array<number>(60).fill(5)]);
    const parts = split(many, options('identities', 0.1));
    const held = tally(parts.heldOutIdentities);
    expect(held.size).toBe(10);
    expect([...held.values()].every((count) => count === 5)).toBe(true);
    expect(parts.identityOf.length).toBe(90);
    for (const identity of parts.identityOf) expect(held.has(identity)).toBe(false);
    // other seeds hold out others
    const other = split(many, options('identities', 0.1, { seed: 8 }));
    expect([...tally(other.heldOutIdentities).keys()].sort()).not.toEqual([...held.keys()].sort());
  });

  it('holds out two people at least and leaves two to train on, or holds out none', () => {
    const held = (counts: readonly number[], share = 0.01): number =>
      tally(split(pictures(counts), options('identities', share)).heldOutIdentities).size;
    expect(held([5, 5, 5, 5])).toBe(2);
    expect(held([5, 5, 5, 5], 0.9)).toBe(2);
    expect(held([5, 5, 5])).toBe(0);
    expect(held([5, 1, 1, 1, 1])).toBe(0);
    expect(held([5, 5, 1, 1])).toBe(2);
    expect(held([5, 5, 5, 5], 0)).toBe(0);
  });

  it('holds out the share of pictures, in twos and more, and leaves everybody one', () => {
    const counts = Array<number>(100).fill(5);
    const parts = split(pictures(counts), options('images', 0.2));
    expect(parts.heldOut.length).toBeGreaterThanOrEqual(98);
    expect(parts.heldOut.length).toBeLessThanOrEqual(100);
    expect(Math.min(...tally(parts.heldOutIdentities).values())).toBeGreaterThanOrEqual(2);
    expect(parts.identityOf.length).toBe(100);
    const most = split(pictures([2, 3, 50]), options('images', 0.9));
    expect([...tally(most.heldOutIdentities)].sort()).toEqual([
      [1, 2],
      [2, 45],
    ]);
    // a small share of a small set still gives pairs of two people
    expect([
      ...tally(split(pictures([4, 4, 4]), options('images', 0.01)).heldOutIdentities).values(),
    ]).toEqual([2, 2]);
  });

  it('draws which pictures are held out by chance', () => {
    const same = new Int32Array(400).map((_, row) => row % 2);
    const { heldOut } = split(same, options('images', 0.5));
    expect(heldOut.length).toBe(200);
    const early = heldOut.filter((row) => row < 200).length;
    expect(early).toBeGreaterThan(70);
    expect(early).toBeLessThan(130);
  });

  it('numbers classes by chance and by the seed alone', () => {
    const all = pictures(Array<number>(200).fill(2));
    const first = split(all, options('none', 0));
    expect(split(all, options('none', 0))).toEqual(first);
    expect(split(all, options('none', 0, { seed: 8 })).identityOf).not.toEqual(first.identityOf);
    const mean = first.identityOf.slice(0, 64).reduce((sum, identity) => sum + identity, 0) / 64;
    expect(Math.abs(mean - 99.5)).toBeLessThan(30); // three deviations are 21
    expect([...first.identityOf].sort((a, b) => a - b)).toEqual([...Array(200).keys()]);
  });

  it('refuses to train on fewer than two people, and says why there are so few', () => {
    const run = (): unknown => split(pictures([5, 1, 1]), options('none', 0, { minImagesPerIdentity: 2 }));
    expect(run).toThrow(/There are 1 identities .* 2 have fewer than 2 pictures, 0 are held out/);
    try {
      run();
    } catch (thrown) {
      expect(hasCode(thrown, 'training/too-few-identities')).toBe(true);
    }
    expect(() => split(new Int32Array(), options('identities', 0.1))).toThrow(/0 identities/);
  });
});
