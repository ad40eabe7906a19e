import { type RgbImage, rgbImage } from '../base/image.ts';
import { luma, toGrey } from './grey.ts';

/**
 * Pillow's ImageEnhance, which RandAugment uses: the picture moved away from a plain form of itself, plain + factor·(picture −
 * plain). 0 gives the plain form, 1 the picture, more exaggerates. In place.
 */

/** Plain is grey. */
export function color(image: RgbImage, factor: number): void {
  const plain = rgbImage(image.width, image.height, image.data.slice());
  toGrey(plain);
  blend(image, plain.data, factor);
}

/** Plain is the mean brightness of the whole picture. */
export function contrast(image: RgbImage, factor: number): void {
  const { data } = image;
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) sum += luma(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0);
  towards(image, Math.round(sum / (data.length / 3)), factor);
}

/** Plain is black. */
export function brightness(image: RgbImage, factor: number): void {
  towards(image, 0, factor);
}

/** Plain is smoothed: each pixel five times and its eight neighbours once, over 13; the outermost pixels stay. */
export function sharpness(image: RgbImage, factor: number): void {
  const { width, height, data } = image;
  const plain = data.slice();
  const row = width * 3;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * row + 3; i < (y + 1) * row - 3; i++) {
      const sum =
        (data[i - row - 3] ?? 0) +
        (data[i - row] ?? 0) +
        (data[i - row + 3] ?? 0) +
        (data[i - 3] ?? 0) +
        5 * (data[i] ?? 0) +
        (data[i + 3] ?? 0) +
        (data[i + row - 3] ?? 0) +
        (data[i + row] ?? 0) +
        (data[i + row + 3] ?? 0);
      plain[i] = Math.round(sum / 13);
    }
  }
  blend(image, plain, factor);
}

function blend({ data }: RgbImage, plain: Uint8Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i] = moved(data[i] ?? 0, plain[i] ?? 0, factor);
}

function towards({ data }: RgbImage, plain: number, factor: number): void {
  const table = new Uint8Array(256).map((_, value) => moved(value, plain, factor));
  for (let i = 0; i < data.length; i++) data[i] = table[data[i] ?? 0] ?? 0;
}

function moved(value: number, plain: number, factor: number): number {
  return Math.min(255, Math.max(0, Math.round(plain + factor * (value - plain))));
}
