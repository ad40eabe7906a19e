import { describe, expect, it } from 'vitest';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { apply, invert } from '../../../src/core/faces/similarity.ts';
import type { Similarity } from '../../../src/core/faces/types.ts';
import { warp } from '../../../src/core/faces/warp.ts';

const random = seededRandom(5);

function noise(width: number, height: number): RgbImage {
  const image = rgbImage(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = random.int(256);
  return image;
}

/** Light that changes slowly and linearly: averaging and interpolating it give the same. */
function ramp(width: number, height: number): RgbImage {
  const image = rgbImage(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      image.data.set([x / 4, y / 4, (x + y) / 8].map(Math.floor), (y * width + x) * 3);
  return image;
}

const pixel = (image: RgbImage, x: number, y: number, c: number): number =>
  x < 0 || y < 0 || x >= image.width || y >= image.height
    ? 0
    : (image.data[(y * image.width + x) * 3 + c] ?? 0);

/** Bilinear interpolation straight from its definition, black outside. */
function bilinear(image: RgbImage, x: number, y: number, c: number): number {
  let sum = 0;
  for (const dx of [0, 1])
    for (const dy of [0, 1]) {
      const px = Math.floor(x) + dx;
      const py = Math.floor(y) + dy;
      sum += pixel(image, px, py, c) * (1 - Math.abs(x - px)) * (1 - Math.abs(y - py));
    }
  return sum;
}

const turned = (scale: number, angle: number, tx: number, ty: number, reflect = false): Similarity => ({
  a: scale * Math.cos(angle),
  b: scale * Math.sin(angle),
  tx,
  ty,
  reflect,
});

describe('warp', () => {
  it('copies under the identity', () => {
    const image = noise(40, 40);
    expect(warp(image, turned(1, 0, 0, 0), 40).data).toEqual(image.data);
  });

  it('moves by whole pixels exactly and is black outside', () => {
    const image = noise(30, 20);
    const crop = warp(image, turned(1, 0, 3, -2), 32);
    for (let y = 0; y < 32; y++)
      for (let x = 0; x < 32; x++)
        for (let c = 0; c < 3; c++)
          expect(crop.data[(y * 32 + x) * 3 + c]).toBe(pixel(image, x - 3, y + 2, c));
  });

  it('is the bilinear formula within one grey level, for any angle, scale and mirror', () => {
    const image = noise(50, 60);
    for (let i = 0; i < 20; i++) {
      const t = turned(
        0.6 + 2 * random.next(),
        7 * random.next(),
        60 * random.next(),
        60 * random.next() - 30,
        i % 2 === 1,
      );
      const crop = warp(image, t, 48);
      const back = invert(t);
      let worst = 0;
      for (let v = 0; v < 48; v++)
        for (let u = 0; u < 48; u++) {
          const [x, y] = apply(back, u, v);
          for (let c = 0; c < 3; c++)
            worst = Math.max(
              worst,
              Math.abs((crop.data[(v * 48 + u) * 3 + c] ?? 0) - bilinear(image, x, y, c)),
            );
        }
      expect(worst).toBeLessThan(1);
    }
  });

  it('keeps places when it averages before shrinking', () => {
    const image = ramp(900, 800);
    for (const scale of [0.45, 0.3, 0.12]) {
      const t = turned(scale, 0.1, 3, -8);
      const crop = warp(image, t, 60);
      const back = invert(t);
      for (const [u, v] of [
        [10, 20],
        [30, 30],
        [40, 25],
      ] as const) {
        const [x, y] = apply(back, u, v);
        expect(Math.abs(pixel(crop, u, v, 0) - x / 4)).toBeLessThan(1.5);
        expect(Math.abs(pixel(crop, u, v, 1) - y / 4)).toBeLessThan(1.5);
      }
    }
  });

  it('does not alias: fine stripes become their mean', () => {
    const image = rgbImage(800, 800);
    for (let i = 0; i < image.data.length; i++) image.data[i] = Math.floor(i / 3) % 2 === 0 ? 0 : 200;
    const crop = warp(image, turned(0.125, 0, 0, 0), 90);
    for (let y = 10; y < 80; y++) for (let x = 10; x < 80; x++) expect(pixel(crop, x, y, 0)).toBe(100);
  });

  it('is black where the face lies outside the photograph', () => {
    expect(warp(noise(20, 20), turned(1, 0, 500, 0), 16).data.every((v) => v === 0)).toBe(true);
    expect(warp(noise(20, 20), turned(0.1, 0, 500, 0), 16).data.every((v) => v === 0)).toBe(true);
  });
});
