import type { RgbImage } from '../base/image.ts';

/** Mirrors left and right, in place. */
export function flip({ width, height, data }: RgbImage): void {
  for (let y = 0; y < height; y++) {
    let left = y * width * 3;
    let right = left + (width - 1) * 3;
    for (; left < right; left += 3, right -= 3) {
      for (let c = 0; c < 3; c++) {
        const kept = data[left + c] ?? 0;
        data[left + c] = data[right + c] ?? 0;
        data[right + c] = kept;
      }
    }
  }
}
