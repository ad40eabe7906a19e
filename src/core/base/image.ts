import { assert } from './assert.ts';

/** Eight-bit pixels in rows from the top: `data` is [height, width, 3], red first, sRGB, upright. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The same bytes for writing numbers of any size: they are rounded to the nearest whole one (halves to the even one) and
 * end at 0 and 255, at no cost.
 */
export function clamped(data: Uint8Array): Uint8ClampedArray {
  return new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
}

export function rgbImage(
  width: number,
  height: number,
  data: Uint8Array = new Uint8Array(width * height * 3),
): RgbImage {
  assert(data.length === width * height * 3, `${data.length} bytes for ${width}×${height}×3`);
  return { width, height, data };
}
