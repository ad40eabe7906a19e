import { clamped, type RgbImage, rgbImage } from '../base/image.ts';

/** Result coordinates → source coordinates, both in pixels from the picture's middle: x' = a·x + b·y + c, y' = d·x + e·y + f. */
export type Inverse = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** What lies outside: the nearest pixel of the edge, or a grey of that brightness. */
export type Border = 'edge' | number;

/** The picture moved, of the same size; bilinear. A new picture. */
export function warp(image: RgbImage, [a, b, c, d, e, f]: Inverse, border: Border): RgbImage {
  const { width, height, data } = image;
  const moved = rgbImage(width, height);
  const out = clamped(moved.data);
  const middleX = (width - 1) / 2;
  const middleY = (height - 1) / 2;
  const row = width * 3;
  let o = 0;
  for (let v = 0; v < height; v++) {
    const y = v - middleY;
    for (let u = 0; u < width; u++, o += 3) {
      const x = u - middleX;
      let sx = a * x + b * y + c + middleX;
      let sy = d * x + e * y + f + middleY;
      if (sx < 0 || sy < 0 || sx > width - 1 || sy > height - 1) {
        if (border !== 'edge' && (sx < -0.5 || sy < -0.5 || sx >= width - 0.5 || sy >= height - 0.5)) {
          out[o] = border;
          out[o + 1] = border;
          out[o + 2] = border;
          continue;
        }
        sx = Math.min(width - 1, Math.max(0, sx));
        sy = Math.min(height - 1, Math.max(0, sy));
      }
      const xi = Math.min(width - 2, Math.floor(sx));
      const yi = Math.min(height - 2, Math.floor(sy));
      const fx = sx - xi;
      const fy = sy - yi;
      const w11 = fx * fy;
      const w10 = fy - w11;
      const w01 = fx - w11;
      const w00 = 1 - fx - w10;
      const p = yi * row + xi * 3;
      const q = p + row;
      for (let k = 0; k < 3; k++) {
        out[o + k] =
          (data[p + k] ?? 0) * w00 +
          (data[p + k + 3] ?? 0) * w01 +
          (data[q + k] ?? 0) * w10 +
          (data[q + k + 3] ?? 0) * w11;
      }
    }
  }
  return moved;
}

/** Turned about its middle, clockwise as it is looked at. */
export function rotate(image: RgbImage, degrees: number, border: Border): RgbImage {
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return warp(image, [cos, sin, 0, -sin, cos, 0], border);
}
