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

/** Where sampled pixels go and how they become numbers: pixel·scale + shift. */
export interface PlaneTarget {
  readonly out: Float32Array;
  /** Where the first plane begins in `out`. */
  readonly offset: number;
  readonly scale: number;
  readonly shift: number;
}

/**
 * The area of the picture as `width`×`height` pixels of three planes [3, height, width], red first, each number
 * pixel·scale + shift. Bilinear over the coarsest halving that is still at least as fine as the result, with the
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
  const weight = new Float64Array(width);
  const inside = new Uint8Array(width);
  for (let u = 0; u < width; u++) {
    const x = startX + u * stepX;
    const xi = Math.floor(x);
    weight[u] = x - xi;
    left[u] = Math.min(lastX, Math.max(0, xi)) * 3;
    right[u] = Math.min(lastX, Math.max(0, xi + 1)) * 3;
    // within half a pixel of the edge the edge's pixel is repeated
    inside[u] = x >= -0.5 && x <= lastX + 0.5 ? 1 : 0;
  }
  const { out, scale, shift } = target;
  const plane = width * height;
  for (let v = 0; v < height; v++) {
    const y = startY + v * stepY;
    const start = target.offset + v * width;
    if (!(y >= -0.5 && y <= lastY + 0.5)) {
      for (let c = 0; c < 3; c++) out.fill(shift, start + c * plane, start + c * plane + width);
      continue;
    }
    const yi = Math.floor(y);
    const fy = y - yi;
    const top = Math.min(lastY, Math.max(0, yi)) * row;
    const bottom = Math.min(lastY, Math.max(0, yi + 1)) * row;
    for (let u = 0; u < width; u++) {
      const o = start + u;
      if (inside[u] === 0) {
        out[o] = shift;
        out[o + plane] = shift;
        out[o + 2 * plane] = shift;
        continue;
      }
      const fx = weight[u] ?? 0;
      const a = top + (left[u] ?? 0);
      const b = top + (right[u] ?? 0);
      const c = bottom + (left[u] ?? 0);
      const d = bottom + (right[u] ?? 0);
      const w11 = fx * fy;
      const w01 = fx - w11;
      const w10 = fy - w11;
      const w00 = 1 - fx - w10;
      out[o] =
        ((data[a] ?? 0) * w00 + (data[b] ?? 0) * w01 + (data[c] ?? 0) * w10 + (data[d] ?? 0) * w11) * scale +
        shift;
      out[o + plane] =
        ((data[a + 1] ?? 0) * w00 +
          (data[b + 1] ?? 0) * w01 +
          (data[c + 1] ?? 0) * w10 +
          (data[d + 1] ?? 0) * w11) *
          scale +
        shift;
      out[o + 2 * plane] =
        ((data[a + 2] ?? 0) * w00 +
          (data[b + 2] ?? 0) * w01 +
          (data[c + 2] ?? 0) * w10 +
          (data[d + 2] ?? 0) * w11) *
          scale +
        shift;
    }
  }
}
