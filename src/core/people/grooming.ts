import type { Random } from '../base/random.ts';
import { mixColour, rgb, scaleColour } from './complexion.ts';
import { clamp } from './numbers.ts';
import type { Vec3 } from './vectors.ts';

export const hairCuts = [
  'bald',
  'horseshoe',
  'buzz',
  'short',
  'parted',
  'quiff',
  'curly',
  'afro',
  'bob',
  'long',
  'wavy',
  'fringe',
  'tied',
] as const;
export type HairCut = (typeof hairCuts)[number];

export interface HairStyle {
  readonly cut: HairCut;
  /** Linear RGB reflectance. */
  readonly colour: Vec3;
  /** Share of grey hair, 0 … 1; `colour` has it in already. */
  readonly grey: number;
  /** −1 parts it on the picture's left … 1 on its right. */
  readonly part: number;
  /** Millimetres by which the hairline lies above (positive) its usual place. */
  readonly recession: number;
  /** How far the temples' corners have gone back, 0 … 1. */
  readonly widowsPeak: number;
  /** 1 is the usual length and volume of the cut. */
  readonly length: number;
  readonly volume: number;
  /** 0 combed … 1 tousled. */
  readonly mess: number;
  readonly browColour: Vec3;
  /** Thin 0.4 … 1.2 thick. */
  readonly browDensity: number;
}

export const beardCuts = ['none', 'stubble', 'moustache', 'goatee', 'short', 'full'] as const;
export type BeardCut = (typeof beardCuts)[number];

export interface Beard {
  readonly cut: BeardCut;
  /** How dark shaved skin still looks, 0 … 1. */
  readonly shadow: number;
  readonly density: number;
}

export interface Glasses {
  readonly round: number;
  /** Half a lens's width and height in millimetres. */
  readonly width: number;
  readonly height: number;
  /** Thickness of the rim in millimetres. */
  readonly rim: number;
  readonly colour: Vec3;
  /** 0 clear … 0.9 dark lenses. */
  readonly tint: number;
}

const black = rgb(22, 18, 17);
const naturals: readonly (readonly [Vec3, number])[] = [
  [black, 0.34],
  [rgb(46, 32, 25), 0.24],
  [rgb(82, 56, 38), 0.16],
  [rgb(120, 84, 54), 0.08],
  [rgb(168, 130, 84), 0.08],
  [rgb(204, 172, 122), 0.04],
  [rgb(124, 58, 30), 0.06],
];

function sampleColour(random: Random, melanin: number): Vec3 {
  if (random.next() < clamp(melanin * 1.9 - 0.25)) return mixColour(black, rgb(46, 32, 25), random.next());
  let pick = random.next();
  for (const [colour, share] of naturals) {
    pick -= share;
    if (pick <= 0) return scaleColour(colour, [0.8 + 0.4 * random.next(), 0.95, 0.95]);
  }
  return black;
}

function weighted<T>(random: Random, choices: readonly (readonly [T, number])[], otherwise: T): T {
  let pick = random.next() * choices.reduce((sum, [, weight]) => sum + Math.max(0, weight), 0);
  for (const [choice, weight] of choices) {
    pick -= Math.max(0, weight);
    if (pick <= 0) return choice;
  }
  return otherwise;
}

export function sampleHair(random: Random, masculinity: number, age: number, melanin: number): HairStyle {
  const man = masculinity;
  const woman = 1 - man;
  const old = clamp((age - 35) / 40);
  const cut = weighted<HairCut>(
    random,
    [
      ['bald', man > 0.5 ? 0.35 + old : 0],
      ['horseshoe', man > 0.5 ? old * 1.4 - 0.2 : 0],
      ['buzz', man * 0.8 + melanin * 0.3],
      ['short', man * 2 + 0.15],
      ['parted', man * 1.5],
      ['quiff', man * 1.1],
      ['curly', 0.5 + melanin * 0.5],
      ['afro', melanin > 0.5 ? 0.7 : 0],
      ['bob', woman * 1.3 - 0.1],
      ['long', woman * 2 - 0.1],
      ['wavy', woman * 1.6],
      ['fringe', woman * 1.1],
      ['tied', woman * 1.4],
    ],
    'short',
  );
  const natural = sampleColour(random, melanin);
  const grey =
    clamp((age - 42) / 30 + random.normal() * 0.22) * (woman > 0.5 && random.next() < 0.5 ? 0.1 : 1);
  const silver = rgb(176, 174, 172);
  return {
    cut,
    colour: mixColour(natural, silver, grey * 0.9),
    grey,
    part: random.next() < 0.3 ? 0 : random.next() < 0.5 ? -1 : 1,
    recession: random.normal() * 5 + man * old * 12,
    widowsPeak: clamp(random.next() * 0.5 + man * old),
    length: 0.75 + 0.5 * random.next(),
    volume: 0.7 + 0.6 * random.next(),
    mess: random.next(),
    browColour: mixColour(mixColour(natural, black, 0.3), silver, grey * 0.5),
    browDensity: 0.55 + 0.4 * random.next() + man * 0.2 - old * 0.15,
  };
}

export function sampleBeard(random: Random, masculinity: number): Beard {
  const man = masculinity > 0.5;
  const cut = weighted<BeardCut>(
    random,
    [
      ['none', 1.6],
      ['stubble', 1],
      ['moustache', 0.3],
      ['goatee', 0.4],
      ['short', 0.7],
      ['full', 0.5],
    ],
    'none',
  );
  const shadow = man ? random.next() * 0.7 : 0;
  return { cut: man ? cut : 'none', shadow, density: 0.6 + 0.4 * random.next() };
}

const rims: readonly Vec3[] = [
  rgb(20, 20, 22),
  rgb(62, 38, 26),
  rgb(120, 110, 100),
  rgb(40, 40, 70),
  rgb(110, 30, 36),
  rgb(170, 150, 110),
];

export function sampleGlasses(random: Random, age: number): Glasses | null {
  if (random.next() > 0.22 + age * 0.003) return null;
  const thin = random.next() < 0.45;
  return {
    round: random.next(),
    width: 23.5 + random.next() * 4,
    height: 15 + random.next() * 6,
    rim: thin ? 0.7 + 0.4 * random.next() : 1.6 + 1.4 * random.next(),
    colour: rims[random.int(rims.length)] ?? rgb(20, 20, 22),
    tint: random.next() < 0.08 ? 0.75 : 0.03,
  };
}
