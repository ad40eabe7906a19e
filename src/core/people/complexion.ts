import type { Random } from '../base/random.ts';
import { clamp, curve, mix } from './numbers.ts';
import type { Vec3 } from './vectors.ts';

/** A mark on the skin, in the face's own coordinates (millimetres). */
export interface Mole {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** 0 flat and pale … 1 dark. */
  readonly strength: number;
}

export interface Skin {
  /** 0 very pale … 1 very dark. */
  readonly melanin: number;
  /** Linear RGB reflectance. */
  readonly colour: Vec3;
  readonly lips: Vec3;
  /** 0 … 1 each. */
  readonly blush: number;
  readonly freckles: number;
  readonly blotches: number;
  readonly shine: number;
  readonly wrinkles: number;
  readonly underEye: number;
  readonly moles: readonly Mole[];
  readonly iris: Vec3;
  /** Lips or lids that are made up; 0 for none. */
  readonly lipstick: number;
  readonly eyeliner: number;
}

/** sRGB byte → linear light. */
export function linear(byte: number): number {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

export function rgb(r: number, g: number, b: number): Vec3 {
  return [linear(r), linear(g), linear(b)];
}

export function mixColour(a: Vec3, b: Vec3, t: number): Vec3 {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
}

export function scaleColour([r, g, b]: Vec3, [x, y, z]: Vec3): Vec3 {
  return [r * x, g * y, b * z];
}

/** Tones of even steps in lightness, from pale to dark, as sRGB bytes. */
const tones: readonly (readonly [number, number, number])[] = [
  [238, 208, 192],
  [228, 190, 168],
  [213, 170, 144],
  [190, 144, 115],
  [163, 117, 89],
  [131, 90, 66],
  [100, 69, 52],
  [76, 53, 42],
];

const channels = [0, 1, 2].map((c) => curve(tones.map((tone, i) => [i / (tones.length - 1), tone[c] ?? 0])));

/** Skin of a melanin share, with an undertone from −1 (pink) to 1 (olive). */
export function skinColour(melanin: number, undertone: number): Vec3 {
  const [r = 0, g = 0, b = 0] = channels.map((channel) => channel(melanin));
  const t = undertone * (1 - 0.6 * melanin);
  return rgb(r - t * 4, g + t * 2, b - t * 8);
}

const lipsticks: readonly Vec3[] = [
  rgb(168, 40, 48),
  rgb(140, 32, 60),
  rgb(186, 84, 84),
  rgb(120, 44, 44),
  rgb(190, 70, 96),
];

function sampleIris(random: Random, melanin: number): Vec3 {
  const pale = clamp(1.1 - melanin * 2.6);
  const pick = random.next();
  const shade = 0.75 + 0.5 * random.next();
  const base =
    pick > pale
      ? mixColour(rgb(42, 26, 16), rgb(96, 62, 34), random.next() ** 2)
      : ([rgb(108, 138, 160), rgb(124, 150, 158), rgb(104, 122, 92), rgb(126, 110, 66), rgb(88, 112, 138)][
          random.int(5)
        ] ?? rgb(96, 62, 34));
  return scaleColour(base, [shade, shade, shade]);
}

export function sampleSkin(random: Random, masculinity: number, age: number): Skin {
  const melanin = clamp(random.next() ** 1.15);
  const undertone = clamp(random.normal() * 0.6, -1.3, 1.3);
  const colour = skinColour(melanin, undertone);
  const blush = clamp(0.45 + random.normal() * 0.25) * (1 - 0.8 * melanin);
  const painted = masculinity < 0.5 && random.next() < 0.35;
  const natural = scaleColour(mixColour(colour, rgb(150, 66, 64), 0.34 * (1 - 0.75 * melanin)), [
    0.88 - 0.04 * melanin,
    0.64 + 0.12 * melanin,
    0.68 + 0.12 * melanin,
  ]);
  const stick = lipsticks[random.int(lipsticks.length)] ?? natural;
  const lipstick = painted ? 0.25 + 0.4 * random.next() : 0;
  const moles = Array.from({ length: Math.floor(random.next() ** 2 * 7) }, () => ({
    x: random.normal() * 34,
    y: -30 + random.normal() * 40,
    radius: 0.6 + random.next() ** 3 * 1.6,
    strength: 0.35 + 0.65 * random.next(),
  }));
  return {
    melanin,
    colour,
    lips: mixColour(
      natural,
      scaleColour(stick, [1 - 0.5 * melanin, 1 - 0.5 * melanin, 1 - 0.5 * melanin]),
      lipstick,
    ),
    blush,
    freckles: random.next() < 0.22 ? (0.3 + 0.7 * random.next()) * clamp(1.3 - 2 * melanin) : 0,
    blotches: clamp(0.35 + random.normal() * 0.2),
    shine: clamp(0.45 + random.normal() * 0.22),
    wrinkles: clamp((age - 24) / 50 + random.normal() * 0.08),
    underEye: clamp(0.25 + random.normal() * 0.2 + (age - 40) * 0.006),
    moles,
    iris: sampleIris(random, melanin),
    lipstick,
    eyeliner: painted ? random.next() : 0,
  };
}
