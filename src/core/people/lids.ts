import { clamp } from './numbers.ts';
import type { Shape } from './person.ts';

/** Where the middle of an eye's opening is on the average head (its mirror image is the other eye). */
export const eyeX = 30.7;
export const eyeY = 0;
/** Pupils at rest lie this far outwards of the openings' middles. */
export const pupilOutwards = 0.6;
export const eyeballRadius = 12.3;
export const irisRadius = 6.1;

/** The opening between the lids, in the average head's coordinates, measured from its middle outwards. */
export interface Lids {
  /** Half the distance between the corners. */
  readonly half: number;
  /** y of the margin of the upper and lower lid at x outwards of the middle; both meet at the corners. */
  readonly upper: (outward: number) => number;
  readonly lower: (outward: number) => number;
}

/**
 * The lids of a shape, `open` from 0 (closed) over 1 (at rest) to 1.3 (wide), and `squeeze` 0 … 1 by which a smile
 * lifts the lower one.
 */
export function lids(shape: Shape, open: number, squeeze: number): Lids {
  const half = 15.7 + 0.75 * shape.eyeWidth;
  const height = Math.max(0.62, 1 + 0.12 * shape.eyeHeight);
  const tilt = 0.055 + 0.042 * shape.eyeTilt;
  const rest = 4.9 * height;
  const drop = 4.4 * height;
  const low = -drop * (1 - 0.42 * squeeze) * (0.75 + 0.25 * clamp(open));
  const top = low + (rest + drop) * open * (1 - 0.12 * squeeze) + (0.42 * drop * squeeze - 0.2) * open;
  const inner = shape.epicanthus > 0 ? 0.1 : 0;
  // an almond: the upper lid peaks a little inwards, the lower one outwards
  const almond = (e: number, peak: number): number => {
    const t = e < peak ? (e - peak) / (1 + peak) : (e - peak) / (1 - peak);
    return Math.max(0, 1 - Math.abs(t) ** 2.15) ** 0.92;
  };
  return {
    half,
    upper: (outward) => tilt * outward + top * almond(clamp(outward / half, -1, 1), -0.1 - inner),
    lower: (outward) => tilt * outward + low * almond(clamp(outward / half, -1, 1), 0.2),
  };
}

/** Millimetres from the upper margin to the crease above it; 0 for a lid without one. */
export function creaseHeight(shape: Shape): number {
  return shape.epicanthus > 0.4 ? 0 : Math.max(1.8, 4.6 + 1.2 * shape.lidCrease + 0.4 * shape.eyeHeight);
}
