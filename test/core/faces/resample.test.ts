import { describe, expect, it } from 'vitest';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { type Area, cutOut, halvings, samplePlanes } from '../../../src/core/faces/resample.ts';

const random = seededRandom(21);

function noise(width: number, height: number): RgbImage {
  const image = rgbImage(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = random.int(256);
  return image;
}

function planes(
  mips: readonly RgbImage[],
  area: Area,
  width: number,
  height: number,
  scale = 1,
  shift = 0,
): Float32Array {
  const out = new Float32Array(3 * width * height).fill(Number.NaN);
  const plane = width * height;
  samplePlanes(mips, area, width, height, {
    out,
    offsets: [0, plane, 2 * plane],
    scale: [scale, scale, scale],
    shift: [shift, shift, shift],
  });
  return out;
}

describe('samplePlanes', () => {
  it('copies the picture where sizes agree', () => {
    const image = noise(13, 9);
    const out = planes([image], { x: 0, y: 0, width: 13, height: 9 }, 13, 9, 2, -5);
    for (let i = 0; i < 13 * 9; i++)
      for (let c = 0; c < 3; c++) expect(out[c * 117 + i]).toBe(2 * (image.data[3 * i + c] ?? 0) - 5);
  });

  it('is bilinear between pixel centres, repeating the edge', () => {
    const image = noise(8, 8);
    const out = planes([image], { x: 0, y: 0, width: 8, height: 8 }, 16, 16);
    const at = (x: number, y: number): number =>
      image.data[(Math.max(0, Math.min(7, y)) * 8 + Math.max(0, Math.min(7, x))) * 3] ?? 0;
    for (let v = 0; v < 16; v++)
      for (let u = 0; u < 16; u++) {
        const [x, y] = [(u + 0.5) / 2 - 0.5, (v + 0.5) / 2 - 0.5];
        const [i, j] = [Math.floor(x), Math.floor(y)];
        const [f, g] = [x - i, y - j];
        const wanted =
          (at(i, j) * (1 - f) + at(i + 1, j) * f) * (1 - g) +
          (at(i, j + 1) * (1 - f) + at(i + 1, j + 1) * f) * g;
        expect(Math.abs((out[v * 16 + u] ?? Number.NaN) - wanted)).toBeLessThan(1e-3);
      }
  });

  it('fills with black what lies outside, every number of the result', () => {
    const out = planes([noise(10, 10)], { x: -10, y: 5, width: 30, height: 30 }, 30, 30, 1 / 128, -1);
    expect(out.every((v) => !Number.isNaN(v))).toBe(true);
    expect([out[0], out[29], out[29 * 30 + 15]]).toEqual([-1, -1, -1]);
    expect(planes([noise(4, 4)], { x: 90, y: 90, width: 5, height: 5 }, 5, 5).every((v) => v === 0)).toBe(
      true,
    );
  });

  it('averages before it shrinks', () => {
    const image = rgbImage(256, 256);
    for (let i = 0; i < image.data.length; i++) image.data[i] = Math.floor(i / 3) % 2 === 0 ? 0 : 200;
    const out = planes(halvings(image, 8), { x: 0, y: 0, width: 256, height: 256 }, 50, 50);
    expect(out.every((v) => Math.abs(v - 100) < 1e-3)).toBe(true);
  });

  it('keeps places in all halvings', () => {
    const image = rgbImage(240, 240);
    for (let y = 0; y < 240; y++) for (let x = 0; x < 240; x++) image.data.set([x, y, 0], (y * 240 + x) * 3);
    for (const side of [200, 90, 40, 15]) {
      const out = planes(halvings(image, 8), { x: 20, y: 40, width: 180, height: 180 }, side, side);
      const middle = Math.floor(side / 2) * side + Math.floor(side / 2);
      const wanted = ((Math.floor(side / 2) + 0.5) * 180) / side - 0.5;
      expect(Math.abs((out[middle] ?? 0) - (20 + wanted))).toBeLessThan(1);
      expect(Math.abs((out[side * side + middle] ?? 0) - (40 + wanted))).toBeLessThan(1);
    }
  });
});

describe('cutOut', () => {
  it('samples the same as the whole picture does', () => {
    const image = noise(320, 256);
    for (let i = 0; i < 30; i++) {
      const side = 8 + random.next() * 150;
      const area = { x: random.next() * 360 - 60, y: random.next() * 300 - 60, width: side, height: side };
      const part = cutOut(image, area);
      expect(part.image.width * part.image.height).toBeLessThanOrEqual((side + 130) ** 2);
      const wanted = planes(halvings(image, 6), area, 16, 16);
      const found = planes(halvings(part.image, 6), part.area, 16, 16);
      const worst = found.reduce((most, v, k) => Math.max(most, Math.abs(v - (wanted[k] ?? Number.NaN))), 0);
      expect(worst).toBeLessThan(1e-3);
    }
  });
});
