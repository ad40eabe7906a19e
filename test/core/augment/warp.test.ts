import { describe, expect, it } from 'vitest';
import { flip } from '../../../src/core/augment/flip.ts';
import { type Border, type Inverse, rotate, warp } from '../../../src/core/augment/warp.ts';
import type { RgbImage } from '../../../src/core/base/image.ts';
import { computed, copyOf, largestDifference, noisePicture, pixelAt } from '../../support/patterns.ts';

/** By the definition: each source pixel counts as a tent of one pixel's half-width. */
function oracle({ width, height, data }: RgbImage, [a, b, c, d, e, f]: Inverse, border: Border) {
  return computed(width, height, (u, v, channel) => {
    const x = u - (width - 1) / 2;
    const y = v - (height - 1) / 2;
    let sx = a * x + b * y + c + (width - 1) / 2;
    let sy = d * x + e * y + f + (height - 1) / 2;
    const outside = sx < -0.5 || sy < -0.5 || sx >= width - 0.5 || sy >= height - 0.5;
    if (outside && border !== 'edge') return border;
    sx = Math.min(width - 1, Math.max(0, sx));
    sy = Math.min(height - 1, Math.max(0, sy));
    let sum = 0;
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const share = Math.max(0, 1 - Math.abs(i - sx)) * Math.max(0, 1 - Math.abs(j - sy));
        sum += share * (data[(j * width + i) * 3 + channel] ?? 0);
      }
    }
    return sum;
  });
}

describe('warp', () => {
  it.each([
    ['turned', [0.9, 0.4, 0, -0.4, 0.9, 0]],
    ['sheared', [1, 0.3, 0, 0, 1, 0]],
    ['moved', [1, 0, 3.3, 0, 1, -1.25]],
    ['far away', [1, 0, 300, 0, 1, 0]],
  ] as const)('%s is what the definition says, rounded', (_, inverse) => {
    const image = noisePicture(21, 17);
    for (const border of ['edge', 128] as const) {
      const out = warp(image, inverse, border);
      expect(largestDifference(out, oracle(image, inverse, border))).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });

  it('moves by whole pixels exactly, and leaves pictures that are not moved as they are', () => {
    const image = noisePicture(16);
    expect(warp(image, [1, 0, 0, 0, 1, 0], 128).data).toEqual(image.data);
    const moved = warp(image, [1, 0, 2, 0, 1, -1], 128);
    expect(pixelAt(moved, 5, 6)).toEqual(pixelAt(image, 7, 5));
    expect(pixelAt(moved, 14, 6)).toEqual([128, 128, 128]);
    expect(pixelAt(warp(image, [1, 0, 2, 0, 1, -1], 'edge'), 14, 6)).toEqual(pixelAt(image, 15, 5));
  });
});

describe('rotate', () => {
  it('turns clockwise: what was on top is right', () => {
    const image = noisePicture(16);
    const out = rotate(image, 90, 'edge');
    const wanted = computed(16, 16, (x, y, c) => image.data[((15 - x) * 16 + y) * 3 + c] ?? 0);
    expect(largestDifference(out, wanted)).toBe(0);
  });

  it('by 180° is a flip of both sides', () => {
    const image = noisePicture(15);
    const wanted = computed(15, 15, (x, y, c) => image.data[((14 - y) * 15 + 14 - x) * 3 + c] ?? 0);
    expect(largestDifference(rotate(image, 180, 'edge'), wanted)).toBe(0);
  });
});

describe('flip', () => {
  it.each([8, 9])('mirrors left and right, %i pixels wide', (width) => {
    const image = noisePicture(width, 5);
    const flipped = copyOf(image);
    flip(flipped);
    expect(
      largestDifference(
        flipped,
        computed(width, 5, (x, y, c) => image.data[(y * width + width - 1 - x) * 3 + c] ?? 0),
      ),
    ).toBe(0);
    flip(flipped);
    expect(flipped.data).toEqual(image.data);
  });
});
