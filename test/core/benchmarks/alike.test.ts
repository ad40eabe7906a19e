import { describe, expect, it } from 'vitest';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { alike } from '../../../src/core/benchmarks/alike.ts';
import { warp } from '../../../src/core/faces/warp.ts';

/** Soft blobs: what differs between pictures is larger than a pixel, as in faces. */
function blobs(seed: number, side = 112): RgbImage {
  const random = seededRandom(seed);
  const all = Array.from({ length: 12 }, () => [
    random.next(),
    random.next(),
    0.05 + 0.1 * random.next(),
    random.normal(),
  ]);
  const image = rgbImage(side, side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let grey = 128;
      for (const [cx = 0, cy = 0, r = 1, height = 0] of all)
        grey += 60 * height * Math.exp(-(((x / side - cx) / r) ** 2 + ((y / side - cy) / r) ** 2));
      image.data.fill(Math.max(0, Math.min(255, grey)), (y * side + x) * 3, (y * side + x) * 3 + 3);
    }
  }
  return image;
}

const changed = (image: RgbImage, change: (value: number) => number): RgbImage =>
  rgbImage(
    image.width,
    image.height,
    image.data.map((value) => Math.max(0, Math.min(255, change(value)))),
  );

describe('how alike two crops are', () => {
  const one = blobs(1);
  it.each([
    ['itself', one],
    ['brighter and flatter', changed(one, (value) => 40 + 0.7 * value)],
    ['another size', blobs(1, 160)],
    ['moved by a few pixels', warp(one, { a: 1, b: 0, tx: 6, ty: -5, reflect: false }, 112)],
  ])('the same picture, %s', (_, other) => expect(alike(one, other)).toBeGreaterThan(0.96));

  it('noise changes little', () => {
    const random = seededRandom(5);
    expect(
      alike(
        one,
        changed(one, (value) => value + 10 * random.normal()),
      ),
    ).toBeGreaterThan(0.97);
  });

  it.each([2, 3, 4, 5])('another picture (%i)', (seed) => expect(alike(one, blobs(seed))).toBeLessThan(0.9));

  it('is 0 where there is nothing to see', () => {
    expect(alike(one, rgbImage(112, 112))).toBe(0);
    expect(alike(rgbImage(112, 112), rgbImage(112, 112))).toBe(0);
  });
});
