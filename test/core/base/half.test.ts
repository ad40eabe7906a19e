import { expect, it } from 'vitest';
import { halfBits, halfOf, largestHalf } from '../../../src/core/base/half.ts';
import { seededRandom } from '../../../src/core/base/random.ts';

it('gives the bits of every number of half precision back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfOf(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(halfOf(halfBits(value)))).toBe(true);
    else if (halfBits(value) !== bits) expect.fail(`${value} is ${bits}, not ${halfBits(value)}`);
  }
});

it('knows the numbers that the format is known by', () => {
  const known = [
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [largestHalf, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 1],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [1 / 3, 0x3555],
  ] as const;
  expect(known.map(([value]) => halfBits(value))).toEqual(known.map(([, bits]) => bits));
});

it('rounds to the nearest, ties to even, and keeps what is finite finite', () => {
  const unit = 2 ** -10; // of the fraction at 1
  expect(halfBits(1 + unit / 2)).toBe(0x3c00);
  expect(halfBits(1 + (3 * unit) / 2)).toBe(0x3c02);
  expect(halfBits(1 + unit * 0.51)).toBe(0x3c01);
  expect(halfBits(2 - unit / 4)).toBe(0x4000); // carries into the exponent
  expect(halfBits(2 ** -25)).toBe(0);
  expect(halfBits(2 ** -25 * 1.01)).toBe(1);
  expect([1e30, 65519, -1e300].map(halfBits)).toEqual([0x7bff, 0x7bff, 0xfbff]);
  const random = seededRandom(5);
  for (let i = 0; i < 2000; i++) {
    const value = random.normal() * 2 ** (20 * random.next() - 12);
    const [bits, near] = [halfBits(value), halfOf(halfBits(value))];
    // neither neighbour is nearer
    for (const other of [halfOf(bits - 1), halfOf(bits + 1)])
      expect(Math.abs(near - value)).toBeLessThanOrEqual(Math.abs(other - value));
  }
});
