import { describe, expect, it } from 'vitest';
import { resize } from '../../../src/core/augment/resize.ts';
import type { RgbImage } from '../../../src/core/base/image.ts';
import { computed, largestDifference, noisePicture, plainPicture } from '../../support/patterns.ts';

/** The same by its definition, in double precision: a triangle of one source or result pixel's half-width, whichever is larger. */
function oracle({ width, height, data }: RgbImage, side: number, left: number, top: number, size: number) {
  const shares = (from: number, place: number): number[] => {
    const scale = from / side;
    const reach = Math.max(1, scale);
    const all = Array.from({ length: from }, (_, j) =>
      Math.max(0, 1 - Math.abs(j + 0.5 - (place + 0.5) * scale) / reach),
    );
    const sum = all.reduce((total, share) => total + share, 0);
    return all.map((share) => share / sum);
  };
  return computed(size, size, (x, y, c) => {
    const across = shares(width, left + x);
    const down = shares(height, top + y);
    let sum = 0;
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const share = (across[i] ?? 0) * (down[j] ?? 0);
        if (share > 0) sum += share * (data[(j * width + i) * 3 + c] ?? 0);
      }
    }
    return sum;
  });
}

describe('resize', () => {
  it.each([
    ['larger', 28, 32],
    ['much larger', 9, 40],
    ['smaller', 40, 30],
    ['much smaller', 41, 8],
    ['the same', 20, 20],
  ])('%s: is what the definition says, within the rounding of two passes', (_, from, side) => {
    const image = noisePicture(from);
    expect(
      largestDifference(
        resize(image, { side, left: 0, top: 0, size: side }),
        oracle(image, side, 0, 0, side),
      ),
    ).toBeLessThan(1.01);
  });

  it.each([
    [28, 32, 28],
    [40, 30, 21],
    [20, 20, 13],
  ])('of %i to %i cuts the window of %i that the whole has', (from, side, size) => {
    const image = noisePicture(from);
    const whole = resize(image, { side, left: 0, top: 0, size: side });
    for (const [left, top] of [
      [0, 0],
      [side - size, 0],
      [3, side - size],
    ] as const) {
      const cut = resize(image, { side, left, top, size });
      const wanted = computed(
        size,
        size,
        (x, y, c) => whole.data[((top + y) * side + left + x) * 3 + c] ?? 0,
      );
      expect(largestDifference(cut, wanted)).toBe(0);
    }
  });

  it('keeps plain areas and copies what need not change', () => {
    const plain = plainPicture(112, [255, 0, 77]);
    for (const side of [48, 111, 128, 200]) {
      const out = resize(plain, { side, left: 0, top: 0, size: side });
      expect(largestDifference(out, plainPicture(side, [255, 0, 77]))).toBe(0);
    }
    const same = resize(plain, { side: 112, left: 0, top: 0, size: 112 });
    expect(same.data).toEqual(plain.data);
    expect(same.data.buffer).not.toBe(plain.data.buffer);
  });

  it('refuses windows outside', () => {
    expect(() => resize(noisePicture(8), { side: 8, left: 1, top: 0, size: 8 })).toThrow('a window inside');
  });
});
