import type { RgbImage } from '../base/image.ts';

/** Side of the small grey pictures that are compared, the window of them that is, and how far it is moved. */
const side = 32;
const reach = 3;
const window = side - 2 * reach;

/**
 * How alike two aligned crops are as pictures, −1 … 1: the highest correlation (Pearson) of their greys at 32 × 32, over
 * shifts of up to 3 of those pixels, as two detectors may differ. The same photograph, resized, compressed or made
 * brighter, gives 0.97 and more; two photographs of one person, aligned, seldom more than 0.9. 0 where a crop is of one grey.
 */
export function alike(a: RgbImage, b: RgbImage): number {
  const [one, other] = [shrunk(a), shrunk(b)];
  const middle = cut(one, reach, reach);
  let best = 0;
  for (let dy = 0; dy <= 2 * reach; dy++)
    for (let dx = 0; dx <= 2 * reach; dx++) best = Math.max(best, product(middle, cut(other, dx, dy)));
  return best;
}

/** Mean grey of each cell. [side, side] */
function shrunk({ width, height, data }: RgbImage): Float64Array {
  const greys = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    const top = Math.floor((y * height) / side);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / side));
    for (let x = 0; x < side; x++) {
      const left = Math.floor((x * width) / side);
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / side));
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let at = (row * width + left) * 3; at < (row * width + right) * 3; at += 3)
          sum += 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
      }
      greys[y * side + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return greys;
}

/** A window whose mean is 0 and whose length is 1; zeros where it is of one grey. [window²] */
function cut(greys: Float64Array, left: number, top: number): Float64Array {
  const found = new Float64Array(window * window);
  let sum = 0;
  for (let y = 0; y < window; y++) {
    for (let x = 0; x < window; x++) {
      const grey = greys[(top + y) * side + left + x] ?? 0;
      found[y * window + x] = grey;
      sum += grey;
    }
  }
  const mean = sum / found.length;
  const length = Math.sqrt(found.reduce((total, grey) => total + (grey - mean) ** 2, 0));
  return length < 1e-6 ? found.fill(0) : found.map((grey) => (grey - mean) / length);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
