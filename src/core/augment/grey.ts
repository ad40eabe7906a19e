import type { RgbImage } from '../base/image.ts';

/** Brightness of a pixel, 0..255: 0.299·R + 0.587·G + 0.114·B (ITU-R BT.601), rounded. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16;
}

/** Every pixel as grey as it is bright, in place. */
export function toGrey({ data }: RgbImage): void {
  for (let i = 0; i < data.length; i += 3) {
    const grey = luma(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0);
    data[i] = grey;
    data[i + 1] = grey;
    data[i + 2] = grey;
  }
}
