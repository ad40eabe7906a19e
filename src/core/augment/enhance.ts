import { clamped, type RgbImage, rgbImage } from '../base/image.ts';
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
  const row = width * 3;
  const plain = data.slice();
  const smooth = clamped(plain);
  const columns = new Int32Array(row); // sums of three rows
  for (let y = 1; y < height - 1; y++) {
    const at = y * row;
    for (let x = 0; x < row; x++) {
      columns[x] = (data[at - row + x] ?? 0) + (data[at + x] ?? 0) + (data[at + row + x] ?? 0);
    }
    for (let x = 3; x < row - 3; x++) {
      const sum = (columns[x - 3] ?? 0) + (columns[x] ?? 0) + (columns[x + 3] ?? 0);
      smooth[at + x] = (sum + 4 * (data[at + x] ?? 0)) / 13;
    }
  }
  blend(image, plain, factor);
}

function blend({ data }: RgbImage, plain: Uint8Array, factor: number): void {
  const out = clamped(data);
  for (let i = 0; i < out.length; i++) {
    const from = plain[i] ?? 0;
    out[i] = from + factor * ((out[i] ?? 0) - from);
  }
}

function towards({ data }: RgbImage, plain: number, factor: number): void {
  const table = new Uint8ClampedArray(256).map((_, value) => plain + factor * (value - plain));
  for (let i = 0; i < data.length; i++) data[i] = table[data[i] ?? 0] ?? 0;
}
