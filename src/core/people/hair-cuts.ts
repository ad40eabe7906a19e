import type { HairCut } from './grooming.ts';
import { curve, smoothstep } from './numbers.ts';

/**
 * How a cut falls, in millimetres and degrees around the head (0 at the front, 180 at the back).
 * Thickness is given by height: on top, at the sides, and at the edge.
 */
export interface Cut {
  readonly top: number;
  readonly side: number;
  readonly edge: number;
  /** y (of the row, at the front) at which the hair ends behind the ears, and at the temple's side. */
  readonly nape: number;
  readonly sideburn: number;
  /** Hanging hair: how far down it goes, and from which angle on; null for hair that ends at the hairline. */
  readonly hang: { readonly end: number; readonly from: number; readonly flare: number } | null;
  /** y to which hair covers the forehead; null where it doesn't. */
  readonly fringe: number | null;
  /** Size of curls in millimetres (0: straight), and how much they stand out. */
  readonly curl: number;
  readonly bumps: number;
  /** Raises the front of the top. */
  readonly quiff: number;
  /** Above this y there's no hair. */
  readonly crown: number | null;
  readonly bun: boolean;
}

const short: Cut = {
  top: 15,
  side: 7,
  edge: 1.5,
  nape: -100,
  sideburn: -26,
  hang: null,
  fringe: null,
  curl: 0,
  bumps: 0.25,
  quiff: 0,
  crown: null,
  bun: false,
};
const long: Cut = {
  ...short,
  top: 19,
  side: 13,
  edge: 4,
  hang: { end: -200, from: 54, flare: 8 },
  bumps: 0.12,
};

export const cuts: Readonly<Record<HairCut, Cut | null>> = {
  bald: null,
  horseshoe: { ...short, top: 1, side: 5, edge: 1, crown: 52 },
  buzz: { ...short, top: 2, side: 1.6, edge: 0.8, bumps: 0.05 },
  short,
  parted: { ...short, top: 16, side: 7, edge: 3, quiff: 5, bumps: 0.2 },
  quiff: { ...short, top: 18, side: 5, edge: 4, quiff: 15, bumps: 0.3 },
  curly: { ...short, top: 20, side: 14, edge: 7, curl: 13, bumps: 0.4, sideburn: -30 },
  afro: { ...short, top: 46, side: 36, edge: 12, curl: 7, bumps: 0.18, sideburn: -34, nape: -95 },
  bob: { ...long, side: 15, hang: { end: -100, from: 51, flare: 10 } },
  long,
  wavy: { ...long, side: 15, hang: { end: -190, from: 52, flare: 22 }, curl: 32, bumps: 0.35 },
  fringe: { ...long, side: 12, fringe: 25, edge: 5, hang: { end: -170, from: 53, flare: 8 } },
  tied: { ...short, top: 5, side: 4, edge: 1.2, bumps: 0.04, bun: true, nape: -96 },
};

/** y (of the row, at the front) at which hair ends, by the angle from the front in degrees, for hair that is cut short. */
export function hairline(cut: Cut, recession: number, widowsPeak: number): (degrees: number) => number {
  const front = 64 + recession;
  const edge = curve([
    [0, front - 5 * widowsPeak],
    [16, front + 1],
    [34, front + 2 + 13 * widowsPeak],
    [46, front - 9 + 8 * widowsPeak],
    [56, 36],
    [64, 14],
    [71, cut.sideburn + 8],
    [78, cut.sideburn],
    [86, cut.sideburn + 4],
    [94, 16],
    [108, 12],
    [118, -30],
    [130, cut.nape + 12],
    [150, cut.nape],
    [180, cut.nape - 4],
  ]);
  if (cut.fringe === null) return edge;
  const fringe = cut.fringe;
  return (degrees) => {
    const cover = smoothstep(58, 48, degrees);
    return edge(degrees) * (1 - cover) + (fringe + 6 * Math.sin(degrees * 0.9)) * cover;
  };
}
