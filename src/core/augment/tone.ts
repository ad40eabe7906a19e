import type { RgbImage } from '../base/image.ts';

/** Changes of tone: each channel's values through a table, in place. Definitions are Pillow's ImageOps, which RandAugment uses. */

/** Stretches each channel so that its darkest value becomes 0 and its brightest 255. */
export function autoContrast(image: RgbImage): void {
  for (let channel = 0; channel < 3; channel++) {
    const counts = histogram(image, channel);
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) continue;
    through(image, channel, (value) => Math.round(((value - low) * 255) / (high - low)));
  }
}

/** Spreads each channel so that all values become about as frequent. */
export function equalize(image: RgbImage): void {
  for (let channel = 0; channel < 3; channel++) {
    const counts = histogram(image, channel);
    const high = counts.findLastIndex((count) => count > 0);
    const step = Math.floor((image.width * image.height - (counts[high] ?? 0)) / 255);
    if (step === 0) continue;
    let below = Math.floor(step / 2);
    const table = counts.map((count) => {
      const value = Math.min(255, Math.floor(below / step));
      below += count;
      return value;
    });
    through(image, channel, (value) => table[value] ?? 0);
  }
}

/** Turns values from `threshold` on into their opposites; 256 changes nothing. */
export function solarize(image: RgbImage, threshold: number): void {
  for (let channel = 0; channel < 3; channel++) {
    through(image, channel, (value) => (value < threshold ? value : 255 - value));
  }
}

/** Keeps the first bits of each value, 1 to 8. */
export function posterize(image: RgbImage, bits: number): void {
  const mask = 256 - 2 ** (8 - bits);
  for (let channel = 0; channel < 3; channel++) through(image, channel, (value) => value & mask);
}

function histogram({ data }: RgbImage, channel: number): Int32Array {
  const counts = new Int32Array(256);
  for (let i = channel; i < data.length; i += 3) {
    const value = data[i] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/** The channel's values through a function of 0..255, which is asked once for each. */
function through({ data }: RgbImage, channel: number, change: (value: number) => number): void {
  const table = new Uint8Array(256).map((_, value) => change(value));
  for (let i = channel; i < data.length; i += 3) data[i] = table[data[i] ?? 0] ?? 0;
}
