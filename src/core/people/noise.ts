import { seededRandom } from '../base/random.ts';

const size = 1 << 16;
const mask = size - 1;
/** From row to row of the lattice; the noise repeats after as many cells. */
const stride = 257;
const values = randomValues();

function randomValues(): Float32Array {
  const random = seededRandom(0x0a15e);
  return Float32Array.from({ length: size }, () => random.next());
}

/** A number in [0, 1) for a point of the integer lattice. */
export function lattice(x: number, y: number, seed: number): number {
  return values[(x + y * stride + Math.imul(seed, 40503)) & mask] ?? 0;
}

/** Smooth noise in [0, 1) with features of size 1. */
export function noise(x: number, y: number, seed: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const fx = x - xi;
  const fy = y - yi;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const i = xi + yi * stride + Math.imul(seed, 40503);
  const a = values[i & mask] ?? 0;
  const b = values[(i + 1) & mask] ?? 0;
  const c = values[(i + stride) & mask] ?? 0;
  const d = values[(i + stride + 1) & mask] ?? 0;
  const top = a + (b - a) * u;
  return top + (c + (d - c) * u - top) * v;
}

/** Smooth noise around 0 in about ±0.5: `octaves` layers, each half as large and half as strong. */
export function fractal(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let weight = 0.5;
  let scale = 1;
  for (let i = 0; i < octaves; i++) {
    sum += (noise(x * scale, y * scale, seed + i * 31) - 0.5) * weight;
    weight *= 0.5;
    scale *= 2.03;
  }
  return sum * 2;
}
