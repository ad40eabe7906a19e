import { type RgbImage, rgbImage } from '../base/image.ts';
import type { Box } from '../faces/types.ts';
import { lattice } from './noise.ts';
import { clamp, smoothstep } from './numbers.ts';
import type { Layer } from './render.ts';
import type { Lens, Occluder } from './shot.ts';

/** Puts a layer before what is there. */
export function over(light: Float32Array, layer: Layer): void {
  for (let p = 0; p < layer.cover.length; p++) {
    const rest = 1 - Math.min(1, layer.cover[p] ?? 0);
    for (let i = p * 3; i < p * 3 + 3; i++) light[i] = (light[i] ?? 0) * rest + (layer.light[i] ?? 0);
  }
}

/** Puts something blurred before the face in a box. */
export function occlude(
  light: Float32Array,
  width: number,
  height: number,
  occluder: Occluder,
  box: Box,
): void {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const radius = box.height / 2;
  const angle = (occluder.from * Math.PI) / 180;
  const dx = Math.cos(angle);
  const dy = Math.sin(angle);
  const edge = radius * (1 - 2 * occluder.cover);
  const soft = radius * 0.09;
  for (let py = 0; py < height; py++)
    for (let px = 0; px < width; px++) {
      const along = (px - x) * dx + (py - y) * dy;
      const across = (px - x) * -dy + (py - y) * dx;
      // a rounded end of something long
      const inside = smoothstep(edge - soft, edge + soft, along - (0.35 * (across * across)) / radius);
      if (inside <= 0) continue;
      const tone = 0.8 + 0.25 * clamp(0.5 - across / (3 * radius));
      const i = (py * width + px) * 3;
      for (let c = 0; c < 3; c++) {
        const value = (occluder.colour[c] ?? 0) * tone;
        light[i + c] = (light[i + c] ?? 0) * (1 - inside) + value * inside;
      }
    }
}

/** Blurs [height, width, 3] by a Gaussian of `sigma` pixels. */
export function blur(light: Float32Array, width: number, height: number, sigma: number): void {
  if (sigma < 0.3) return;
  const reach = Math.min(24, Math.ceil(sigma * 2.5));
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, w) => sum + w, 0);
  for (let k = 0; k < kernel.length; k++) kernel[k] = (kernel[k] ?? 0) / total;
  const line = new Float32Array((Math.max(width, height) + 2 * reach) * 3);
  for (let y = 0; y < height; y++) blurLine(light, y * width * 3, 3, width, kernel, line);
  for (let x = 0; x < width; x++) blurLine(light, x * 3, width * 3, height, kernel, line);
}

/** Blurs `count` pixels from `start` on, `step` values apart; beyond the ends the last pixel goes on. */
function blurLine(
  light: Float32Array,
  start: number,
  step: number,
  count: number,
  kernel: Float32Array,
  line: Float32Array,
): void {
  const reach = (kernel.length - 1) / 2;
  for (let i = -reach, o = 0; i < count + reach; i++) {
    const from = start + Math.min(count - 1, Math.max(0, i)) * step;
    line[o++] = light[from] ?? 0;
    line[o++] = light[from + 1] ?? 0;
    line[o++] = light[from + 2] ?? 0;
  }
  for (let i = 0; i < count; i++) {
    let r = 0;
    let g = 0;
    let b = 0;
    for (let k = 0, o = i * 3; k < kernel.length; k++, o += 3) {
      const w = kernel[k] ?? 0;
      r += w * (line[o] ?? 0);
      g += w * (line[o + 1] ?? 0);
      b += w * (line[o + 2] ?? 0);
    }
    const to = start + i * step;
    light[to] = r;
    light[to + 1] = g;
    light[to + 2] = b;
  }
}

const toneSteps = 4096;
const plainTone = softened();

/** Linear light of 0 … 4, in steps, with a soft shoulder as sRGB of 0 … 1. */
function softened(): Float32Array {
  return Float32Array.from({ length: toneSteps + 1 }, (_, i) => {
    const v = (i / toneSteps) * 4;
    // linear up to 0.6, then bending towards 1
    const soft = v < 0.6 ? v : 0.6 + 0.4 * (1 - Math.exp(-(v - 0.6) / 0.4));
    return soft <= 0.0031308 ? soft * 12.92 : 1.055 * soft ** (1 / 2.4) - 0.055;
  });
}

/** Linear light → the byte that a camera writes: exposure, a soft shoulder, contrast, sRGB. */
function toneCurve(contrast: number): Float32Array {
  const out = new Float32Array(toneSteps + 1);
  for (let i = 0; i <= toneSteps; i++) out[i] = clamp(0.46 * ((plainTone[i] ?? 0) / 0.46) ** contrast) * 255;
  return out;
}

/** The picture that the lens and the sensor make of the light. [height, width, 3] → bytes */
export function develop(
  light: Float32Array,
  width: number,
  height: number,
  lens: Lens,
  sigma: number,
  seed: number,
): RgbImage {
  blur(light, width, height, sigma);
  const out = rgbImage(width, height);
  const curve = toneCurve(lens.contrast);
  // a sum of two uniform numbers has a variance of 1/6
  const grains = lens.noise * 255 * Math.sqrt(6);
  const gains = [
    lens.exposure * Math.sqrt(lens.warmth),
    lens.exposure,
    lens.exposure / Math.sqrt(lens.warmth),
  ];
  const last = curve.length - 1;
  for (let i = 0; i < light.length; i += 3) {
    // two uniform numbers are near enough to normal; noise of brightness, and less of colour
    const grain = grains * (lattice(i, 0, seed) + lattice(i, 3, seed) - 1);
    for (let c = 0; c < 3; c++) {
      const value = Math.min(last, Math.max(0, (light[i + c] ?? 0) * (gains[c] ?? 1) * 1024));
      const speckle = grains * 0.6 * (lattice(i + c, 7, seed) - 0.5);
      out.data[i + c] = Math.min(255, Math.max(0, (curve[value | 0] ?? 0) + grain + speckle + 0.5));
    }
  }
  return out;
}
