import { assert } from '../base/assert.ts';
import type { DetCurve, RocCurve } from './curves.ts';

/** Where a share of 0..1 lies along an axis, 0..1. */
export type Axis = (share: number) => number;

export const linearAxis: Axis = (share) => share;

/** By powers of ten from `lowest` to 1; what is below lies at 0. */
export function logAxis(lowest: number): Axis {
  assert(lowest > 0 && lowest < 1, `a lowest share of ${lowest}`);
  return (share) => 1 - Math.log10(Math.max(share, lowest)) / Math.log10(lowest);
}

export interface ThinOptions {
  readonly x?: Axis;
  readonly y?: Axis;
  /** How many pixels the longer side of the drawing has; 1,000 if not said. */
  readonly pixels?: number;
}

/** Few points of a ROC curve whose drawing is nowhere more than a pixel away from that of all points. */
export function thinRoc(curve: RocCurve, options: ThinOptions = {}): RocCurve {
  const kept = thinnedPlaces(curve.far, curve.tar, options);
  const { far, tar, thresholds } = curve;
  return { far: picked(far, kept), tar: picked(tar, kept), thresholds: picked(thresholds, kept) };
}

export function thinDet(curve: DetCurve, options: ThinOptions = {}): DetCurve {
  const kept = thinnedPlaces(curve.far, curve.frr, options);
  const { far, frr, thresholds } = curve;
  return { far: picked(far, kept), frr: picked(frr, kept), thresholds: picked(thresholds, kept) };
}

function picked(values: Float64Array, places: Uint32Array): Float64Array {
  return Float64Array.from(places, (place) => values[place] ?? 0);
}

/**
 * Places of the points that are kept, the first and the last among them. Points that hardly move from the last kept one
 * go first, so that what remains is as many as the drawing is long; then the lines are simplified (Douglas and Peucker
 * 1973). A quarter and three quarters of a pixel.
 */
export function thinnedPlaces(
  xs: Float64Array,
  ys: Float64Array,
  { x = linearAxis, y = linearAxis, pixels = 1000 }: ThinOptions = {},
): Uint32Array {
  const n = xs.length;
  assert(ys.length === n && pixels >= 1, `${n} and ${ys.length} numbers on ${pixels} pixels`);
  const near = 0.25 / pixels;
  const places: number[] = [];
  let [lastX, lastY] = [Number.NaN, Number.NaN];
  for (let i = 0; i < n; i++) {
    const [px, py] = [x(xs[i] ?? 0), y(ys[i] ?? 0)];
    if (i > 0 && i + 1 < n && Math.hypot(px - lastX, py - lastY) <= near) continue;
    places.push(i);
    [lastX, lastY] = [px, py];
  }
  const px = Float64Array.from(places, (place) => x(xs[place] ?? 0));
  const py = Float64Array.from(places, (place) => y(ys[place] ?? 0));
  const kept = simplified(px, py, 0.75 / pixels);
  return Uint32Array.from(
    places.filter((_, i) => kept[i] === 1),
    (place) => place,
  );
}

/** 1 for each point that a line within `tolerance` of all needs. */
function simplified(px: Float64Array, py: Float64Array, tolerance: number): Uint8Array {
  const kept = new Uint8Array(px.length);
  if (px.length === 0) return kept;
  kept[0] = 1;
  kept[px.length - 1] = 1;
  const stretches: [number, number][] = [[0, px.length - 1]];
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const [from, to] = stretch;
    let [farthest, place] = [tolerance, -1];
    for (let i = from + 1; i < to; i++) {
      const distance = apart(px, py, i, from, to);
      if (distance > farthest) [farthest, place] = [distance, i];
    }
    if (place < 0) continue;
    kept[place] = 1;
    stretches.push([from, place], [place, to]);
  }
  return kept;
}

/** From point i to the line between two others, not beyond its ends. */
function apart(px: Float64Array, py: Float64Array, i: number, from: number, to: number): number {
  const [ax, ay] = [px[from] ?? 0, py[from] ?? 0];
  const [dx, dy] = [(px[to] ?? 0) - ax, (py[to] ?? 0) - ay];
  const [vx, vy] = [(px[i] ?? 0) - ax, (py[i] ?? 0) - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (vx * dx + vy * dy) / length));
  return Math.hypot(vx - along * dx, vy - along * dy);
}
