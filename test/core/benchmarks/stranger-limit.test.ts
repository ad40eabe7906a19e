import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { strangerLimit } from '../../../src/core/benchmarks/stranger-limit.ts';

const strangers = (count: number, deviation = 0.1): Float32Array => {
  const random = seededRandom(3);
  return Float32Array.from({ length: count }, () => deviation * random.normal());
};

describe('the similarity that chance does not give', () => {
  it.each([
    // Deviations above which a normal distribution leaves 0.5 of so many: from tables.
    [1e3, 3.2905],
    [1e5, 4.4172],
    [1e8, 5.7307],
  ])('of %d comparisons', (comparisons, deviations) => {
    expect(Math.abs(strangerLimit(strangers(100_000), comparisons) - 0.1 * deviations)).toBeLessThan(0.015);
  });

  it('grows with how many are compared, and is passed by few strangers', () => {
    const some = strangers(10_000);
    const limits = [10, 1e4, 1e6, 1e9].map((comparisons) => strangerLimit(some, comparisons));
    expect(limits).toEqual(limits.toSorted((a, b) => a - b));
    const limit = strangerLimit(some, 100_000);
    expect(strangers(100_000).filter((value) => value > limit).length).toBeLessThanOrEqual(4);
  });

  it('is not told of a few', () => expect(strangerLimit(strangers(99), 10)).toBe(-1));
});
