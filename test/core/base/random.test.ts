import { describe, expect, it } from 'vitest';
import { mixSeeds, seededRandom, shuffle } from '../../../src/core/base/random.ts';

const take = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

/**
 * The sequence of sfc32 from its definition in 64-bit arithmetic, so that nothing depends on how JavaScript's 32-bit
 * operators wrap.
 */
function reference(seed: number, count: number): number[] {
  const mask = 0xffffffffn;
  let state = BigInt(seed) & mask;
  const splitmix = (): bigint => {
    state = (state + 0x9e3779b9n) & mask;
    let z = state;
    z = ((z ^ (z >> 16n)) * 0x21f0aaadn) & mask;
    z = ((z ^ (z >> 15n)) * 0x735a2d97n) & mask;
    return z ^ (z >> 15n);
  };
  let [a, b, c, counter] = [splitmix(), splitmix(), splitmix(), 1n];
  const step = (): bigint => {
    const sum = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + sum) & mask;
    return sum;
  };
  for (let i = 0; i < 12; i++) step();
  return Array.from({ length: count }, () => Number(step()) / 2 ** 32);
}

describe('seededRandom', () => {
  it('is sfc32, bit by bit', () => {
    for (const seed of [0, 1, 42, 0xffffffff]) expect(take(seed, 200)).toEqual(reference(seed, 200));
  });

  it('gives near seeds unlike sequences', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => take(seed, 1)[0] ?? 0);
    expect(new Set(seeds).size).toBe(200);
    const mean = seeds.reduce((sum, value) => sum + value, 0) / seeds.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 200));
  });

  it('is uniform: counts in 16 bins and of whole numbers', () => {
    const random = seededRandom(7);
    const bins = new Array<number>(16).fill(0);
    const n = 64_000;
    for (let i = 0; i < n; i++) {
      const value = random.int(16);
      bins[value] = (bins[value] ?? 0) + 1;
    }
    const chi2 = bins.reduce((sum, count) => sum + (count - n / 16) ** 2 / (n / 16), 0);
    expect(chi2).toBeLessThan(37.7); // 15 degrees of freedom, p = 0.001
    expect(bins).toHaveLength(16);
  });

  it('has normals of mean 0, variance 1 and kurtosis 3', () => {
    const random = seededRandom(9);
    const n = 100_000;
    const values = Array.from({ length: n }, () => random.normal());
    const moment = (k: number): number => values.reduce((sum, value) => sum + value ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

describe('mixSeeds', () => {
  it('differs for numbers that differ anywhere, in their order or their count', () => {
    const seeds = [[], [0], [0, 0], [1], [0, 1], [1, 0], [2 ** 32], [2 ** 32 + 1], [1, 2 ** 40]].map(
      (numbers) => mixSeeds(...numbers),
    );
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
  });

  it('spreads small numbers over all bits', () => {
    const ones = new Int32Array(32);
    for (let a = 0; a < 100; a++) {
      for (let b = 0; b < 100; b++) {
        const seed = mixSeeds(a, b);
        for (let bit = 0; bit < 32; bit++) ones[bit] = (ones[bit] ?? 0) + ((seed >>> bit) & 1);
      }
    }
    for (const count of ones) expect(Math.abs(count - 5000)).toBeLessThan(250); // five deviations
  });
});

describe('shuffle', () => {
  it('gives every order of four equally often', () => {
    const random = seededRandom(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = shuffle([0, 1, 2, 3], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(160); // five deviations
  });
});
