import { describe, expect, it } from 'vitest';
import { blur } from '../../../src/core/augment/blur.ts';
import { brightness, color, contrast, sharpness } from '../../../src/core/augment/enhance.ts';
import { autoContrast, equalize, posterize, solarize } from '../../../src/core/augment/tone.ts';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { computed, copyOf, largestDifference, noisePicture, plainPicture } from '../../support/patterns.ts';

function changed(image: RgbImage, change: (image: RgbImage) => void): RgbImage {
  const out = copyOf(image);
  change(out);
  return out;
}

/** A row of pixels whose three channels are these values, reversed, and plain. */
function channels(values: readonly number[]): RgbImage {
  const data = values.flatMap((value, i) => [value, values[values.length - 1 - i] ?? 0, 9]);
  return rgbImage(values.length, 1, Uint8Array.from(data));
}

const red = ({ data }: RgbImage): number[] => [...data].filter((_, i) => i % 3 === 0);

describe('autoContrast', () => {
  it('stretches each channel to 0..255 and leaves a plain one', () => {
    const out = changed(channels([50, 100, 150, 60]), autoContrast);
    expect(red(out)).toEqual([0, 128, 255, 26]); // 255·(v − 50)/100
    expect([...out.data].filter((_, i) => i % 3 === 2)).toEqual([9, 9, 9, 9]);
    expect(changed(out, autoContrast).data).toEqual(out.data);
  });
});

describe('equalize', () => {
  it('makes all values about as frequent, in the same order', () => {
    const dark = rgbImage(
      64,
      64,
      new Uint8Array(64 * 64 * 3).map((_, i) => ((i * 7919) % 997) ** 2 / 16000),
    );
    const out = changed(dark, equalize);
    const sorted = red(out).sort((a, b) => a - b);
    for (let tenth = 1; tenth < 10; tenth++) {
      expect(Math.abs((sorted[Math.floor((tenth * sorted.length) / 10)] ?? 0) - 25.5 * tenth)).toBeLessThan(
        40,
      );
    }
    const pairs = red(dark).map((value, i) => [value, red(out)[i] ?? 0] as const);
    const map = new Map(pairs);
    for (const [value, to] of pairs) expect(map.get(value)).toBe(to);
    const keys = [...map.keys()].sort((a, b) => a - b);
    for (let i = 1; i < keys.length; i++) {
      expect(map.get(keys[i] ?? 0) ?? 0).toBeGreaterThanOrEqual(map.get(keys[i - 1] ?? 0) ?? 0);
    }
  });

  it('leaves a picture whose values are as frequent already, and a plain one', () => {
    const even = rgbImage(
      256,
      2,
      new Uint8Array(256 * 2 * 3).map((_, i) => Math.floor(i / 3) % 256),
    );
    expect(largestDifference(changed(even, equalize), even)).toBeLessThanOrEqual(1);
    const plain = plainPicture(20, [3, 200, 77]);
    expect(changed(plain, equalize).data).toEqual(plain.data);
  });
});

describe('solarize and posterize', () => {
  it('turn bright values over', () => {
    expect(red(changed(channels([0, 99, 100, 255]), (image) => solarize(image, 100)))).toEqual([
      0, 99, 155, 0,
    ]);
    const image = noisePicture(8);
    expect(changed(image, (it) => solarize(it, 256)).data).toEqual(image.data);
  });

  it('keep the first bits', () => {
    expect(red(changed(channels([0, 15, 16, 255]), (image) => posterize(image, 4)))).toEqual([0, 0, 16, 240]);
    expect(red(changed(channels([1, 127, 128, 255]), (image) => posterize(image, 1)))).toEqual([
      0, 0, 128, 128,
    ]);
    const image = noisePicture(8);
    expect(changed(image, (it) => posterize(it, 8)).data).toEqual(image.data);
  });
});

describe.each([
  ['color', color],
  ['contrast', contrast],
  ['brightness', brightness],
  ['sharpness', sharpness],
] as const)('%s', (name, change) => {
  const image = noisePicture(20);
  const { data, width } = image;
  const value = (x: number, y: number, c: number): number => data[(y * width + x) * 3 + c] ?? 0;
  const luma = (x: number, y: number): number =>
    Math.round(0.299 * value(x, y, 0) + 0.587 * value(x, y, 1) + 0.114 * value(x, y, 2));
  const mean = Math.round(computed(20, 20, luma).data.reduce((sum, v) => sum + v, 0) / (20 * 20 * 3));
  const plain = (x: number, y: number, c: number): number => {
    if (name === 'brightness') return 0;
    if (name === 'color') return luma(x, y);
    if (name === 'contrast') return mean;
    if (x === 0 || y === 0 || x === 19 || y === 19) return value(x, y, c);
    let sum = 4 * value(x, y, c);
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) sum += value(x + dx, y + dy, c);
    return Math.round(sum / 13);
  };

  it.each([0, 0.5, 1, 1.5, 1.9])('moves by %f away from its plain form', (factor) => {
    const wanted = computed(20, 20, (x, y, c) =>
      Math.min(255, Math.max(0, plain(x, y, c) + factor * (value(x, y, c) - plain(x, y, c)))),
    );
    const out = changed(image, (it) => change(it, factor));
    expect(largestDifference(out, wanted)).toBeLessThanOrEqual(0.5 + 1e-9);
  });
});

describe('blur', () => {
  it.each([0.5, 1, 1.5])('of %f is a sum weighted by the normal distribution, rounded twice', (deviation) => {
    const image = noisePicture(18, 14);
    const radius = Math.ceil(3 * deviation);
    const bell = (d: number): number => Math.exp(-(d ** 2) / (2 * deviation ** 2));
    const inside = (i: number, length: number): number => Math.min(length - 1, Math.max(0, i));
    const wanted = computed(18, 14, (x, y, c) => {
      let sum = 0;
      let shares = 0;
      for (let dy = -radius; dy <= radius; dy++) {
        for (let dx = -radius; dx <= radius; dx++) {
          const at = (inside(y + dy, 14) * 18 + inside(x + dx, 18)) * 3 + c;
          sum += bell(dx) * bell(dy) * (image.data[at] ?? 0);
          shares += bell(dx) * bell(dy);
        }
      }
      return sum / shares;
    });
    expect(
      largestDifference(
        changed(image, (it) => blur(it, deviation)),
        wanted,
      ),
    ).toBeLessThan(1.02);
  });

  it('keeps plain areas', () => {
    const plain = plainPicture(16, [255, 0, 13]);
    expect(changed(plain, (image) => blur(image, 1.5)).data).toEqual(plain.data);
  });
});
