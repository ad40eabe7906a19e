import { assert } from '../base/assert.ts';
import { type RgbImage, rgbImage } from '../base/image.ts';
import { invert, scaleOf } from './similarity.ts';
import type { Similarity } from './types.ts';

/**
 * The `size`×`size` crop of a photograph under a similarity photograph → crop: bilinear, black outside the photograph.
 *
 * Pixel centres are at whole numbers, as the template and OpenCV have it. Where the crop is k ≥ 2 times smaller than
 * the photograph, bilinear sampling would skip pixels; there the photograph is first averaged over blocks of ⌊k⌋×⌊k⌋
 * pixels, counted from its top left corner (so that the crop does not depend on what part of it was averaged), and
 * the crop is sampled from the averages.
 *
 * Only additions, multiplications, divisions and square roots of doubles, whole-number sums and rounding half up are
 * used, all of which are exactly defined: the same photograph gives the same bytes on every machine.
 */
export function warp(image: RgbImage, transform: Similarity, size: number): RgbImage {
  assert(Number.isInteger(size) && size > 0, `a crop of ${size} pixels`);
  const back = invert(transform);
  const block = Math.floor(1 / scaleOf(transform));
  if (block < 2) return sample(image, back, size, 0, 0);
  const [left, top, right, bottom] = bounds(back, size);
  const x0 = Math.max(0, Math.floor(left / block) - 1);
  const y0 = Math.max(0, Math.floor(top / block) - 1);
  const x1 = Math.min(Math.ceil(image.width / block), Math.ceil(right / block) + 2);
  const y1 = Math.min(Math.ceil(image.height / block), Math.ceil(bottom / block) + 2);
  if (x1 <= x0 || y1 <= y0) return rgbImage(size, size);
  const averaged = averageBlocks(image, block, x0, y0, x1, y1);
  // photograph pixel x has its centre at (x − (block − 1)/2) / block among the averages
  const middle = (block - 1) / 2;
  const scaled: Similarity = {
    a: back.a / block,
    b: back.b / block,
    tx: (back.tx - middle) / block,
    ty: (back.ty - middle) / block,
    reflect: back.reflect,
  };
  return sample(averaged, scaled, size, x0, y0);
}

/** The rectangle of the photograph that the crop covers. */
function bounds(back: Similarity, size: number): readonly [number, number, number, number] {
  const end = size - 1;
  const f = back.reflect ? -1 : 1;
  const x = [0, back.a * end, -back.b * f * end, back.a * end - back.b * f * end].map((v) => v + back.tx);
  const y = [0, back.b * end, back.a * f * end, back.b * end + back.a * f * end].map((v) => v + back.ty);
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

/** Averages of block×block pixels, rounded half up, for the blocks [x0, x1)×[y0, y1); edge blocks may be partial. */
function averageBlocks(
  image: RgbImage,
  block: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): RgbImage {
  const { data, width, height } = image;
  const out = rgbImage(x1 - x0, y1 - y0);
  let o = 0;
  for (let by = y0; by < y1; by++) {
    const bottom = Math.min(height, (by + 1) * block);
    for (let bx = x0; bx < x1; bx++) {
      const right = Math.min(width, (bx + 1) * block);
      let r = 0;
      let g = 0;
      let b = 0;
      for (let y = by * block; y < bottom; y++) {
        for (let i = (y * width + bx * block) * 3, end = (y * width + right) * 3; i < end; i += 3) {
          r += data[i] ?? 0;
          g += data[i + 1] ?? 0;
          b += data[i + 2] ?? 0;
        }
      }
      const count = (bottom - by * block) * (right - bx * block);
      const up = count >> 1;
      out.data[o++] = ((r + up) / count) | 0;
      out.data[o++] = ((g + up) / count) | 0;
      out.data[o++] = ((b + up) / count) | 0;
    }
  }
  return out;
}

/** Weights are whole numbers of 1/1024 per axis: 255·1024² fits 31 bits, so that the sums are exact and fast. */
const bits = 10;
const unit = 1 << bits;
const one = 1 << (2 * bits);
const half = one >> 1;

/** Bilinear samples at back(x, y) − (originX, originY) for the size×size crop pixels; what lies outside counts as 0. */
function sample(image: RgbImage, back: Similarity, size: number, originX: number, originY: number): RgbImage {
  const { data, width, height } = image;
  const row = width * 3;
  const out = rgbImage(size, size);
  const pixels = out.data;
  const f = back.reflect ? -1 : 1;
  const tx = back.tx - originX;
  const ty = back.ty - originY;
  let o = 0;
  for (let v = 0; v < size; v++) {
    const rowX = tx - back.b * f * v;
    const rowY = ty + back.a * f * v;
    for (let u = 0; u < size; u++, o += 3) {
      const x = back.a * u + rowX;
      const y = back.b * u + rowY;
      const xi = Math.floor(x);
      const yi = Math.floor(y);
      if (xi < -1 || yi < -1 || xi >= width || yi >= height) continue;
      const fx = ((x - xi) * unit + 0.5) | 0;
      const fy = ((y - yi) * unit + 0.5) | 0;
      const w11 = fx * fy;
      const w10 = (fy << bits) - w11; // row below, left
      const w01 = (fx << bits) - w11; // this row, right
      const w00 = one - w11 - w10 - w01;
      const i = yi * row + xi * 3;
      const j = i + row;
      if (xi >= 0 && yi >= 0 && xi + 1 < width && yi + 1 < height) {
        pixels[o] =
          ((data[i] ?? 0) * w00 +
            (data[i + 3] ?? 0) * w01 +
            (data[j] ?? 0) * w10 +
            (data[j + 3] ?? 0) * w11 +
            half) >>
          (2 * bits);
        pixels[o + 1] =
          ((data[i + 1] ?? 0) * w00 +
            (data[i + 4] ?? 0) * w01 +
            (data[j + 1] ?? 0) * w10 +
            (data[j + 4] ?? 0) * w11 +
            half) >>
          (2 * bits);
        pixels[o + 2] =
          ((data[i + 2] ?? 0) * w00 +
            (data[i + 5] ?? 0) * w01 +
            (data[j + 2] ?? 0) * w10 +
            (data[j + 5] ?? 0) * w11 +
            half) >>
          (2 * bits);
        continue;
      }
      const here = yi >= 0;
      const below = yi + 1 < height;
      const left = xi >= 0;
      const right = xi + 1 < width;
      for (let c = 0; c < 3; c++) {
        let sum = half;
        if (here && left) sum += (data[i + c] ?? 0) * w00;
        if (here && right) sum += (data[i + c + 3] ?? 0) * w01;
        if (below && left) sum += (data[j + c] ?? 0) * w10;
        if (below && right) sum += (data[j + c + 3] ?? 0) * w11;
        pixels[o + c] = sum >> (2 * bits);
      }
    }
  }
  return out;
}
