import { assert } from './assert.ts';

/** Eight-bit pixels in rows from the top: `data` is [height, width, 3], red first, sRGB, upright. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function rgbImage(
  width: number,
  height: number,
  data: Uint8Array = new Uint8Array(width * height * 3),
): RgbImage {
  assert(data.length === width * height * 3, `${data.length} bytes for ${width}×${height}×3`);
  return { width, height, data };
}
