import { assert } from '../base/assert.ts';
import { type RgbImage, rgbImage } from '../base/image.ts';

/**
 * The picture, then the picture at a half, a quarter, an eighth … of its sides, each pixel the average of 2×2, as far
 * as `levels` (an odd last row or column is left out). For sampling at any scale without skipping pixels.
 */
export function halvings(image: RgbImage, levels: number): RgbImage[] {
  const out = [image];
  for (let level = 1; level < levels; level++) {
    const from = out[level - 1];
    if (!from || from.width < 4 || from.height < 4) break;
    out.push(halve(from));
  }
  return out;
}

function halve(image: RgbImage): RgbImage {
  const width = image.width >> 1;
  const height = image.height >> 1;
  const out = rgbImage(width, height);
  const { data } = image;
  const row = image.width * 3;
  let o = 0;
  for (let y = 0; y < height; y++) {
    let i = 2 * y * row;
    for (let x = 0; x < width; x++, i += 6) {
      const j = i + row;
      for (let c = 0; c < 3; c++)
        out.data[o++] =
          ((data[i + c] ?? 0) + (data[i + c + 3] ?? 0) + (data[j + c] ?? 0) + (data[j + c + 3] ?? 0) + 2) >>
          2;
    }
  }
  return out;
}

/** A rectangle of a picture, half open, in pixels; it may reach beyond the picture. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Corners of cut-outs are multiples of this, so that five halvings of a cut-out have the same pixels as the whole's. */
const grid = 32;

/**
 * The part of a picture around an area, and the area's place in it: sampling from it gives what sampling from the
 * whole picture gives, without halving all of a big photograph for one face.
 */
export function cutOut(image: RgbImage, area: Area): { readonly image: RgbImage; readonly area: Area } {
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const x0 = clamp((Math.floor(area.x / grid) - 1) * grid, image.width - 1);
  const y0 = clamp((Math.floor(area.y / grid) - 1) * grid, image.height - 1);
  const left = x0 - (x0 % grid);
  const top = y0 - (y0 % grid);
  const right = clamp((Math.ceil((area.x + area.width) / grid) + 1) * grid, image.width);
  const bottom = clamp((Math.ceil((area.y + area.height) / grid) + 1) * grid, image.height);
  const width = Math.max(1, right - left);
  const height = Math.max(1, bottom - top);
  const out = rgbImage(width, height);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    out.data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { image: out, area: { ...area, x: area.x - left, y: area.y - top } };
}

/** Where sampled pixels go, and how the channels red, green and blue become numbers: pixel·scale + shift. */
export interface PlaneTarget {
  readonly out: Float32Array;
  /** Where each channel's plane begins in `out`. */
  readonly offsets: readonly [number, number, number];
  readonly scale: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

/**
 * The area of the picture as `width`×`height` pixels of three planes [height, width] of numbers pixel·scale + shift.
 * Bilinear over the coarsest halving that is still at least as fine as the result, with the
 * edges of area and result falling together; pixels outside the picture count as 0 (black).
 */
export function samplePlanes(
  mips: readonly RgbImage[],
  area: Area,
  width: number,
  height: number,
  target: PlaneTarget,
): void {
  const whole = mips[0];
  assert(whole !== undefined, 'a picture');
  const shrink = Math.min(area.width / width, area.height / height);
  let level = 0;
  while (level + 1 < mips.length && 2 ** (level + 1) <= shrink) level++;
  const image = mips[level] ?? whole;
  const unit = 2 ** level;
  const stepX = area.width / unit / width;
  const stepY = area.height / unit / height;
  // result pixel u has its middle at area.x + (u + ½)·area.width/width; minus ½ is the index of the pixel there
  const startX = area.x / unit + stepX / 2 - 0.5;
  const startY = area.y / unit + stepY / 2 - 0.5;
  const { data } = image;
  const row = image.width * 3;
  const lastX = image.width - 1;
  const lastY = image.height - 1;
  const left = new Int32Array(width);
  const right = new Int32Array(width);
  const weight = new Float32Array(width);
  // within half a pixel of the picture's edge the edge's pixel is repeated; beyond it begins black
  let first = width;
  let end = 0;
  for (let u = 0; u < width; u++) {
    const x = startX + u * stepX;
    if (!(x >= -0.5 && x <= lastX + 0.5)) continue;
    first = Math.min(first, u);
    end = u + 1;
    const xi = Math.floor(x);
    weight[u] = x - xi;
    left[u] = Math.min(lastX, Math.max(0, xi)) * 3;
    right[u] = Math.min(lastX, Math.max(0, xi + 1)) * 3;
  }
  const { out, offsets, scale, shift } = target;
  const [outR, outG, outB] = offsets;
  const [timesR, timesG, timesB] = scale;
  const [plusR, plusG, plusB] = shift;
  for (let v = 0; v < height; v++) {
    const y = startY + v * stepY;
    const black = !(y >= -0.5 && y <= lastY + 0.5);
    const from = black ? width : first;
    const to = black ? width : end;
    for (let channel = 0; channel < 3 && (from > 0 || to < width); channel++) {
      const start = (offsets[channel] ?? 0) + v * width;
      out.fill(shift[channel] ?? 0, start, start + from);
      out.fill(shift[channel] ?? 0, start + to, start + width);
    }
    const yi = Math.floor(y);
    const fy = y - yi;
    const top = Math.min(lastY, Math.max(0, yi)) * row;
    const bottom = Math.min(lastY, Math.max(0, yi + 1)) * row;
    for (let u = from; u < to; u++) {
      const l = left[u] ?? 0;
      const r = right[u] ?? 0;
      const fx = weight[u] ?? 0;
      const w11 = fx * fy;
      const w10 = fy - w11;
      const w01 = fx - w11;
      const w00 = 1 - fx - w10;
      const tl = top + l;
      const tr = top + r;
      const bl = bottom + l;
      const br = bottom + r;
      const o = v * width + u;
      const red =
        (data[tl] ?? 0) * w00 + (data[tr] ?? 0) * w01 + (data[bl] ?? 0) * w10 + (data[br] ?? 0) * w11;
      const green =
        (data[tl + 1] ?? 0) * w00 +
        (data[tr + 1] ?? 0) * w01 +
        (data[bl + 1] ?? 0) * w10 +
        (data[br + 1] ?? 0) * w11;
      const blue =
        (data[tl + 2] ?? 0) * w00 +
        (data[tr + 2] ?? 0) * w01 +
        (data[bl + 2] ?? 0) * w10 +
        (data[br + 2] ?? 0) * w11;
      out[outR + o] = red * timesR + plusR;
      out[outG + o] = green * timesG + plusG;
      out[outB + o] = blue * timesB + plusB;
    }
  }
}
