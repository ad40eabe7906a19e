import type { Random } from '../base/random.ts';
import { seededRandom } from '../base/random.ts';
import { type Arena, heap } from './arena.ts';
import { rgb } from './complexion.ts';
import { fractal, noise } from './noise.ts';
import { clamp, mix, smoothstep } from './numbers.ts';
import type { Vec3 } from './vectors.ts';

export const backdropKinds = ['studio', 'room', 'lights', 'leaves', 'street'] as const;

/** What is behind the people: never sharp. */
export interface Backdrop {
  readonly kind: (typeof backdropKinds)[number];
  readonly seed: number;
  readonly colour: Vec3;
  readonly second: Vec3;
}

const walls: readonly Vec3[] = [
  rgb(196, 188, 176),
  rgb(150, 160, 170),
  rgb(120, 116, 112),
  rgb(214, 214, 210),
  rgb(86, 98, 112),
  rgb(168, 140, 112),
  rgb(60, 62, 70),
  rgb(132, 150, 128),
  rgb(176, 160, 150),
];

export function sampleBackdrop(random: Random): Backdrop {
  const pick = (): Vec3 => walls[random.int(walls.length)] ?? rgb(150, 160, 170);
  return {
    kind: backdropKinds[random.int(backdropKinds.length)] ?? 'studio',
    seed: random.int(1 << 30),
    colour: pick(),
    second: pick(),
  };
}

/** Linear light at (x, y), both 0 … 1 over the picture's height, y down. */
type Scene = (x: number, y: number) => Vec3;

function distance(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function studio({ colour }: Backdrop, aspect: number): Scene {
  return (x, y) => {
    const d = distance(x - aspect / 2, y - 0.55);
    const light = mix(1.05, 0.35, smoothstep(0.1, 1, d));
    return [colour[0] * light, colour[1] * light, colour[2] * light];
  };
}

function room(backdrop: Backdrop, aspect: number): Scene {
  const random = seededRandom(backdrop.seed);
  const things = Array.from({ length: 7 }, (_, i) => ({
    x: random.next() * aspect,
    y: 0.1 + random.next() * 0.8,
    w: 0.04 + random.next() * 0.16,
    h: 0.06 + random.next() * 0.3,
    soft: 0.02 + random.next() * 0.05,
    colour: (i === 0
      ? [1.1, 1.1, 1.05]
      : [random.next() * 0.5, random.next() * 0.42, random.next() * 0.36]) as Vec3,
  }));
  const floor = 0.72 + random.next() * 0.3;
  return (x, y) => {
    const shade = 0.55 + 0.45 * smoothstep(0, aspect, x);
    const low = smoothstep(floor - 0.03, floor + 0.03, y);
    const out: [number, number, number] = [0, 0, 0];
    for (let c = 0; c < 3; c++) {
      let v = mix((backdrop.colour[c] ?? 0) * shade, (backdrop.second[c] ?? 0) * 0.5, low);
      for (const t of things) {
        const inside =
          smoothstep(t.w + t.soft, t.w - t.soft, Math.abs(x - t.x)) *
          smoothstep(t.h + t.soft, t.h - t.soft, Math.abs(y - t.y));
        v = mix(v, t.colour[c] ?? 0, inside * 0.85);
      }
      out[c] = v;
    }
    return out;
  };
}

function lights(backdrop: Backdrop, aspect: number): Scene {
  const random = seededRandom(backdrop.seed);
  const dots = Array.from({ length: 26 }, () => ({
    x: random.next() * aspect,
    y: random.next() * 0.9,
    r: 0.015 + random.next() * 0.055,
    colour: [0.6 + random.next(), 0.4 + random.next() * 0.6, 0.15 + random.next() * 0.5] as Vec3,
    power: random.next() ** 2 * 0.9,
  }));
  return (x, y) => {
    const base = 0.025 + 0.05 * noise(x * 4, y * 4, backdrop.seed);
    let [r, g, b] = [base * 1.1, base, base * 1.3];
    for (const dot of dots) {
      const d = distance(x - dot.x, y - dot.y);
      const glow = dot.power * smoothstep(dot.r * 1.1, dot.r * 0.8, d);
      r += dot.colour[0] * glow;
      g += dot.colour[1] * glow;
      b += dot.colour[2] * glow;
    }
    return [r, g, b];
  };
}

function leaves({ seed }: Backdrop): Scene {
  return (x, y) => {
    const n = fractal(x * 7, y * 7, seed, 4) + 0.5;
    const sun = smoothstep(0.62, 0.85, fractal(x * 9 + 40, y * 9, seed + 5, 3) + 0.5);
    const sky = smoothstep(0.3, -0.1, y + 0.3 * fractal(x * 3, 0, seed + 9, 2));
    const light = 0.05 + 0.28 * n * n;
    return [
      mix(light * 0.62 + sun * 0.5, 0.62, sky),
      mix(light * 0.85 + sun * 0.55, 0.75, sky),
      mix(light * 0.3 + sun * 0.25, 0.95, sky),
    ];
  };
}

function street(backdrop: Backdrop, aspect: number): Scene {
  const random = seededRandom(backdrop.seed);
  const houses = Array.from({ length: 6 }, (_, i) => ({
    x: (i / 5) * aspect + random.normal() * 0.05,
    top: 0.05 + random.next() * 0.4,
    light: 0.25 + random.next() * 0.6,
    tint: random.next(),
  }));
  return (x, y) => {
    let out: Vec3 = [0.72, 0.8, 0.92];
    for (const house of houses) {
      const inside =
        smoothstep(0.16, 0.13, Math.abs(x - house.x)) * smoothstep(house.top - 0.02, house.top + 0.02, y);
      const windows = 1 - 0.35 * smoothstep(0.1, 0.4, Math.sin(x * 60 + house.tint * 9) * Math.sin(y * 44));
      const l = house.light * windows * 0.6;
      const wall: Vec3 = [l, l * mix(0.82, 0.98, house.tint), l * mix(0.66, 1, house.tint)];
      out = [mix(out[0], wall[0], inside), mix(out[1], wall[1], inside), mix(out[2], wall[2], inside)];
    }
    const road = smoothstep(0.78, 0.86, y);
    return [mix(out[0], 0.16, road), mix(out[1], 0.16, road), mix(out[2], 0.17, road)];
  };
}

const scenes = { studio, room, lights, leaves, street } as const;

/** Linear light behind the people, but not where `cover` says that they hide it. [height, width, 3] */
export function paintBackdrop(
  backdrop: Backdrop,
  width: number,
  height: number,
  brightness: number,
  cover?: Float32Array,
  memory: Arena = heap,
): Float32Array {
  // out of focus: painted coarsely, then interpolated
  const rows = Math.min(150, Math.ceil(height / 3));
  const columns = Math.max(2, Math.round((rows * width) / height));
  const scene = scenes[backdrop.kind](backdrop, width / height);
  const coarse = memory.floats(rows * columns * 3);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const there = scene((c + 0.5) / rows, (r + 0.5) / rows);
      const i = (r * columns + c) * 3;
      coarse[i] = there[0];
      coarse[i + 1] = there[1];
      coarse[i + 2] = there[2];
    }
  const out = memory.floats(width * height * 3);
  for (let y = 0; y < height; y++) {
    const v = clamp(((y + 0.5) * rows) / height - 0.5, 0, rows - 1);
    const r = Math.min(rows - 2, Math.floor(v));
    const fv = smoothstep(0, 1, v - r);
    for (let x = 0; x < width; x++) {
      if (cover && (cover[y * width + x] ?? 0) >= 1) continue;
      const u = clamp(((x + 0.5) * columns) / width - 0.5, 0, columns - 1);
      const c = Math.min(columns - 2, Math.floor(u));
      const fu = smoothstep(0, 1, u - c);
      const i = (r * columns + c) * 3;
      const j = i + columns * 3;
      for (let k = 0; k < 3; k++) {
        const top = mix(coarse[i + k] ?? 0, coarse[i + 3 + k] ?? 0, fu);
        const bottom = mix(coarse[j + k] ?? 0, coarse[j + 3 + k] ?? 0, fu);
        out[(y * width + x) * 3 + k] = mix(top, bottom, fv) * brightness;
      }
    }
  }
  return out;
}
