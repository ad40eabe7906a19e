import { assert } from '../base/assert.ts';
import { type RgbImage, rgbImage } from '../base/image.ts';

/** Square windows of a resized picture: `side` is the side of the whole resized picture. */
export interface Window {
  readonly side: number;
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/**
 * Resizes a picture to side × side and cuts a window out of it; what lies outside the window isn't computed. Bilinear;
 * where the picture shrinks, the triangle widens with the scale, so that no pixel is skipped: what Pillow calls
 * BILINEAR, first along the rows, then along the columns, rounded to eight bits in between as there.
 * The result is new, also where nothing changes.
 */
export function resize(image: RgbImage, { side, left, top, size }: Window): RgbImage {
  assert(left >= 0 && top >= 0 && left + size <= side && top + size <= side, 'a window inside the picture');
  const out = rgbImage(size, size);
  if (image.width === side && image.height === side) {
    const row = side * 3;
    for (let y = 0; y < size; y++) {
      const from = (top + y) * row + left * 3;
      out.data.set(image.data.subarray(from, from + size * 3), y * size * 3);
    }
    return out;
  }
  const across = taps(image.width, side, left, size);
  const down = taps(image.height, side, top, size);
  const first = down.starts[0] ?? 0;
  const rows = (down.starts[size - 1] ?? 0) + (down.counts[size - 1] ?? 0) - first;
  const between = new Uint8Array(rows * size * 3); // [rows, size, 3]
  // enlarging has two taps at most, which is what face.evoLVe's augmentation does to every picture: worth its own loops
  const [alongRow, alongColumn] =
    across.most === 3 && down.most === 3 ? [mixAcross, mixDown] : [sumAcross, sumDown];
  const row = image.width * 3;
  for (let y = 0; y < rows; y++) alongRow(image.data, (first + y) * row, across, between, y * size * 3);
  for (let y = 0; y < size; y++) {
    const at = ((down.starts[y] ?? 0) - first) * size * 3;
    alongColumn(between, at, down, y, out.data.subarray(y * size * 3, (y + 1) * size * 3));
  }
  return out;
}

interface Taps {
  /** First source pixel of each result pixel. */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [size, most]: shares of 2^15; they sum to it. */
  readonly weights: Int32Array;
  readonly most: number;
}

const one = 1 << 15;
const half = one >> 1; // rounds, where 2^15 are divided away

/** Which source pixels make each result pixel of a window, and their shares. */
function taps(from: number, to: number, start: number, size: number): Taps {
  const scale = from / to;
  const reach = Math.max(1, scale);
  const most = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(size);
  const counts = new Int32Array(size);
  const weights = new Int32Array(size * most);
  const shares = new Float64Array(most);
  for (let i = 0; i < size; i++) {
    const middle = (start + i + 0.5) * scale;
    const low = Math.max(0, Math.floor(middle - reach + 0.5));
    const end = Math.min(from, Math.floor(middle + reach + 0.5));
    let sum = 0;
    for (let j = low; j < end; j++) {
      const share = Math.max(0, 1 - Math.abs(j + 0.5 - middle) / reach);
      shares[j - low] = share;
      sum += share;
    }
    let left = one;
    let largest = 0;
    for (let k = 0; k < end - low; k++) {
      const weight = Math.round(((shares[k] ?? 0) / sum) * one);
      weights[i * most + k] = weight;
      left -= weight;
      if (weight > (weights[i * most + largest] ?? 0)) largest = k;
    }
    // what rounding left goes to the largest: a plain area stays exactly what it was
    weights[i * most + largest] = (weights[i * most + largest] ?? 0) + left;
    starts[i] = low;
    counts[i] = end - low;
  }
  return { starts, counts, weights, most };
}

/** One row of the result, from a row of the source that begins `at`. */
function sumAcross(
  data: Uint8Array,
  at: number,
  { starts, counts, weights, most }: Taps,
  out: Uint8Array,
  outAt: number,
): void {
  let o = outAt;
  for (let i = 0; i < starts.length; i++, o += 3) {
    let p = at + (starts[i] ?? 0) * 3;
    const k = i * most;
    const count = counts[i] ?? 0;
    const w = weights[k] ?? 0;
    let red = half + (data[p] ?? 0) * w;
    let green = half + (data[p + 1] ?? 0) * w;
    let blue = half + (data[p + 2] ?? 0) * w;
    for (let tap = 1; tap < count; tap++) {
      p += 3;
      const weight = weights[k + tap] ?? 0;
      red += (data[p] ?? 0) * weight;
      green += (data[p + 1] ?? 0) * weight;
      blue += (data[p + 2] ?? 0) * weight;
    }
    out[o] = red >> 15;
    out[o + 1] = green >> 15;
    out[o + 2] = blue >> 15;
  }
}

/** The same of at most two taps: one multiplication instead of two. */
function mixAcross(
  data: Uint8Array,
  at: number,
  { starts, counts, weights, most }: Taps,
  out: Uint8Array,
  outAt: number,
): void {
  let o = outAt;
  for (let i = 0; i < starts.length; i++, o += 3) {
    const p = at + (starts[i] ?? 0) * 3;
    const q = counts[i] === 1 ? p : p + 3;
    const weight = one - (weights[i * most] ?? 0);
    const red = data[p] ?? 0;
    const green = data[p + 1] ?? 0;
    const blue = data[p + 2] ?? 0;
    out[o] = red + ((((data[q] ?? 0) - red) * weight + half) >> 15);
    out[o + 1] = green + ((((data[q + 1] ?? 0) - green) * weight + half) >> 15);
    out[o + 2] = blue + ((((data[q + 2] ?? 0) - blue) * weight + half) >> 15);
  }
}

/** Row number `y` of the result, of the rows of `data` that begin `at` and are as long as `out`. */
function sumDown(
  data: Uint8Array,
  at: number,
  { counts, weights, most }: Taps,
  y: number,
  out: Uint8Array,
): void {
  const sums = new Int32Array(out.length).fill(half);
  for (let k = 0; k < (counts[y] ?? 0); k++) {
    const weight = weights[y * most + k] ?? 0;
    const from = at + k * out.length;
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + (data[from + x] ?? 0) * weight;
  }
  for (let x = 0; x < sums.length; x++) out[x] = (sums[x] ?? 0) >> 15;
}

/** The same of at most two taps. */
function mixDown(
  data: Uint8Array,
  at: number,
  { counts, weights, most }: Taps,
  y: number,
  out: Uint8Array,
): void {
  const next = counts[y] === 1 ? at : at + out.length;
  const weight = one - (weights[y * most] ?? 0);
  for (let x = 0; x < out.length; x++) {
    const value = data[at + x] ?? 0;
    out[x] = value + ((((data[next + x] ?? 0) - value) * weight + half) >> 15);
  }
}
