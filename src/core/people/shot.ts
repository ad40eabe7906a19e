import { type Random, seededRandom } from '../base/random.ts';
import { type Backdrop, sampleBackdrop } from './backdrop.ts';
import { rgb } from './complexion.ts';
import type { Expression } from './expression.ts';
import { type Lighting, sampleLighting } from './lighting.ts';
import { type Mask, mask } from './mask-kinds.ts';
import { clamp, mix } from './numbers.ts';
import type { Vec3 } from './vectors.ts';

/** Degrees; see `headRotation`. */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

export interface Clothes {
  readonly neckline: 'crew' | 'vee' | 'high' | 'shirt';
  readonly colour: Vec3;
  readonly second: Vec3;
  readonly pattern: 'plain' | 'stripes' | 'checks';
}

/** What the lens and the sensor do to the picture. */
export interface Lens {
  /** Millimetres from the camera to the head. */
  readonly distance: number;
  /** Radius of the blur, as a share of the distance between the eyes. */
  readonly blur: number;
  /** Standard deviation of the noise at mid grey, in 0 … 1. */
  readonly noise: number;
  /** Factor on the light. */
  readonly exposure: number;
  /** Factor on red over blue. */
  readonly warmth: number;
  /** 1 leaves it; more darkens shadows. */
  readonly contrast: number;
}

/** Something before the face: a blurred thing near the camera, by where its edge is. */
export interface Occluder {
  /** Direction from which it reaches into the face, in degrees: 0 from the picture's right, 90 from below. */
  readonly from: number;
  /** How much of the face it covers, 0 … 0.5. */
  readonly cover: number;
  readonly colour: Vec3;
}

/** One moment before a camera: all that varies between photographs of one person. */
export interface Shot {
  readonly seed: number;
  readonly pose: Pose;
  readonly expression: Expression;
  readonly lighting: Lighting;
  readonly lens: Lens;
  readonly backdrop: Backdrop;
  readonly clothes: Clothes;
  /** True where the person wears the glasses that they own. */
  readonly glasses: boolean;
  readonly occluder: Occluder | null;
  /** What is worn over mouth and nose. */
  readonly mask: Mask | null;
  /** Where the face is: its middle as shares of the picture, and its height as a share of the picture's. */
  readonly frame: { readonly x: number; readonly y: number; readonly size: number };
}

/** How far shots may go. */
export interface ShotLimits {
  /** Largest turn either way, in degrees. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** 0 neutral faces … 1 all expressions. */
  readonly expression: number;
  /** 0 even light and a clean picture … 1 hard light, noise and blur too. */
  readonly difficulty: number;
  /** Share of shots with something before the face. */
  readonly occlusion: number;
  /** Share of shots with a mask over mouth and nose; unset: none. */
  readonly masks?: number;
}

export const usualLimits: ShotLimits = {
  yaw: 45,
  pitch: 25,
  roll: 25,
  expression: 1,
  difficulty: 0.6,
  occlusion: 0.04,
};

/** Normal with a deviation of 0.45 of the limit, cut off at the limit. */
function within(random: Random, limit: number): number {
  return clamp(random.normal() * 0.45, -1, 1) * limit;
}

function sampleExpression(random: Random, amount: number): Expression {
  const kind = random.next();
  const strength = amount * (0.35 + 0.65 * random.next());
  const smile = kind < 0.52 ? strength : 0;
  const teeth = smile > 0.35 && random.next() < 0.65;
  const open = teeth
    ? 0.1 + 0.28 * random.next() * strength
    : kind > 0.86
      ? strength * 0.8 * random.next()
      : 0;
  const modes = {
    smile,
    open: open * amount,
    browsUp: random.next() < 0.2 ? strength * random.next() : 0,
    frown: kind > 0.52 && kind < 0.6 ? strength : 0,
    press: kind > 0.58 && kind < 0.68 ? strength : 0,
  };
  const blink = random.next() < 0.03 * amount ? 0.15 + 0.3 * random.next() : 1;
  const eyes =
    clamp(1 + amount * random.normal() * 0.1 + modes.browsUp * 0.12 - modes.frown * 0.15, 0.6, 1.2) * blink;
  return { modes, eyes, gaze: [within(random, 16 * amount + 3), within(random, 8 * amount + 2)] };
}

const cloths: readonly Vec3[] = [
  rgb(30, 32, 38),
  rgb(220, 220, 222),
  rgb(52, 70, 110),
  rgb(122, 36, 42),
  rgb(86, 96, 84),
  rgb(150, 140, 128),
  rgb(40, 84, 92),
  rgb(196, 160, 80),
  rgb(96, 64, 104),
  rgb(176, 186, 204),
  rgb(70, 52, 44),
];

function sampleClothes(random: Random): Clothes {
  const pick = <T>(list: readonly T[], otherwise: T): T => list[random.int(list.length)] ?? otherwise;
  const plain = random.next() < 0.65;
  return {
    neckline: pick(['crew', 'crew', 'vee', 'high', 'shirt'] as const, 'crew'),
    colour: pick(cloths, rgb(30, 32, 38)),
    second: pick(cloths, rgb(220, 220, 222)),
    pattern: plain ? 'plain' : random.next() < 0.5 ? 'stripes' : 'checks',
  };
}

function sampleOccluder(random: Random, share: number): Occluder | null {
  if (random.next() >= share) return null;
  const grey = random.next();
  return {
    from: random.next() * 360,
    cover: 0.12 + 0.28 * random.next(),
    colour: [mix(0.02, 0.4, grey), mix(0.02, 0.35, grey * random.next()), mix(0.02, 0.3, random.next())],
  };
}

/** Drawn on its own, so that the same shot with and without its mask can be had. */
function sampleMask(seed: number, share: number): Mask | null {
  return share > 0 && seededRandom(seed ^ 0x77a5_c0de).next() < share ? mask(seed) : null;
}

/** The shot of a seed, within limits. The same seed gives the same shot. */
export function shot(seed: number, limits: ShotLimits = usualLimits): Shot {
  const random = seededRandom(seed ^ 0x0051_07a1);
  const { difficulty } = limits;
  const pose = {
    yaw: within(random, limits.yaw),
    pitch: within(random, limits.pitch),
    roll: within(random, limits.roll),
  };
  const expression = sampleExpression(random, limits.expression);
  const lighting = sampleLighting(random, difficulty);
  const blurred = random.next() < 0.25;
  const lens = {
    distance: 520 + 1900 * random.next() ** 1.5,
    blur: difficulty * (blurred ? 0.03 * random.next() : 0.008),
    noise: difficulty * (0.004 + 0.022 * random.next() ** 2),
    exposure: 2 ** (difficulty * random.normal() * 0.4),
    warmth: 1 + difficulty * random.normal() * 0.06,
    contrast: 1 + difficulty * random.normal() * 0.12,
  };
  return {
    seed,
    pose,
    expression,
    lighting,
    lens,
    backdrop: sampleBackdrop(random),
    clothes: sampleClothes(random),
    glasses: random.next() < 0.8,
    occluder: sampleOccluder(random, limits.occlusion),
    mask: sampleMask(seed, limits.masks ?? 0),
    frame: {
      x: 0.5 + random.normal() * 0.03,
      y: 0.48 + random.normal() * 0.025,
      size: 0.5 + 0.12 * random.next(),
    },
  };
}
