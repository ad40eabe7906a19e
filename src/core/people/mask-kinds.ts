import { type Random, seededRandom } from '../base/random.ts';
import { rgb } from './complexion.ts';
import { curve } from './numbers.ts';
import type { Vec3 } from './vectors.ts';

export const maskKinds = ['medical', 'cloth', 'ffp2'] as const;
export type MaskKind = (typeof maskKinds)[number];

/** A mask over mouth and nose. What it looks like has nothing to do with who wears it. */
export interface Mask {
  readonly kind: MaskKind;
  readonly colour: Vec3;
  readonly second: Vec3;
  readonly pattern: 'plain' | 'stripes' | 'dots';
  /** Of its creases. */
  readonly seed: number;
}

/** How a kind of mask is cut. Heights are y of the average head's rows, at the front. */
export interface MaskCut {
  /** Degrees from the front to where it ends beside the mouth. */
  readonly half: number;
  /** Upper and lower edge by degrees from the front. */
  readonly top: (degrees: number) => number;
  readonly bottom: (degrees: number) => number;
  /** Millimetres by which it stands off beyond what nose and chin push it out, in its middle. */
  readonly stand: number;
  /** Millimetres of the ridge down its middle. */
  readonly keel: number;
}

export const maskCuts: Readonly<Record<MaskKind, MaskCut>> = {
  medical: {
    half: 61,
    top: curve([
      [0, -13],
      [12, -15],
      [26, -23],
      [45, -32],
      [61, -37],
    ]),
    bottom: curve([
      [0, -117],
      [30, -117],
      [46, -113],
      [61, -101],
    ]),
    stand: 3,
    keel: 0,
  },
  cloth: {
    half: 64,
    top: curve([
      [0, -9],
      [12, -13],
      [28, -25],
      [46, -35],
      [64, -46],
    ]),
    bottom: curve([
      [0, -118],
      [30, -116],
      [46, -108],
      [64, -90],
    ]),
    stand: 1.5,
    keel: 3,
  },
  ffp2: {
    half: 56,
    top: curve([
      [0, -7],
      [10, -10],
      [24, -23],
      [42, -33],
      [56, -44],
    ]),
    bottom: curve([
      [0, -118],
      [26, -117],
      [42, -108],
      [56, -86],
    ]),
    stand: 6,
    keel: 9,
  },
};

const plainMedical: readonly Vec3[] = [
  rgb(158, 194, 212),
  rgb(158, 194, 212),
  rgb(182, 208, 220),
  rgb(228, 232, 234),
  rgb(40, 42, 46),
  rgb(226, 180, 190),
  rgb(164, 206, 182),
];
const ffp2: readonly Vec3[] = [
  rgb(234, 235, 233),
  rgb(234, 235, 233),
  rgb(224, 226, 222),
  rgb(44, 45, 48),
  rgb(120, 132, 150),
];
const cloths: readonly Vec3[] = [
  rgb(34, 36, 42),
  rgb(52, 66, 104),
  rgb(126, 46, 52),
  rgb(96, 112, 92),
  rgb(196, 186, 170),
  rgb(226, 224, 220),
  rgb(92, 74, 110),
  rgb(60, 98, 112),
];

/** The mask of a seed. */
export function mask(seed: number): Mask {
  const random = seededRandom(seed ^ 0x3a5c_0a7e);
  const roll = random.next();
  const kind: MaskKind = roll < 0.5 ? 'medical' : roll < 0.76 ? 'ffp2' : 'cloth';
  const pick = (list: readonly Vec3[], draw: Random): Vec3 => list[draw.int(list.length)] ?? rgb(34, 36, 42);
  const colour = pick(kind === 'medical' ? plainMedical : kind === 'ffp2' ? ffp2 : cloths, random);
  const second = pick(cloths, random);
  const printed = kind === 'cloth' && random.next() < 0.45;
  const pattern = !printed ? 'plain' : random.next() < 0.5 ? 'stripes' : 'dots';
  return { kind, colour, second, pattern, seed: random.int(1 << 30) };
}
