import type { ChartLine } from './line.ts';
import { nearest, visible } from './points.ts';
import type { Range } from './scale.ts';

/** A curve's numbers at one place. */
export interface Reading {
  readonly x: number;
  /** What is drawn in full. */
  readonly y: number;
  /** The point behind it, where that one is smoothed. */
  readonly raw: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly deviation: number | null;
}

/** At the point that is nearest to `at`; null where the curve has none near: `reach` is how far that is. */
export function readAt(line: ChartLine, at: number, reach: number): Reading | null {
  const i = nearest(line.points.x, at);
  if (i === -1 || Math.abs((line.points.x[i] ?? 0) - at) > reach) return null;
  return reading(line, i);
}

/** At the last point that has a number. */
export function readLast(line: ChartLine): Reading | null {
  for (let i = line.points.x.length - 1; i >= 0; i--) {
    const found = reading(line, i);
    if (found !== null) return found;
  }
  return null;
}

function reading({ points, smoothed, deviation }: ChartLine, i: number): Reading | null {
  const raw = points.y[i] ?? Number.NaN;
  const y = smoothed?.[i] ?? raw;
  if (!Number.isFinite(y)) return null;
  const known = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return {
    x: points.x[i] ?? 0,
    y,
    raw: smoothed === undefined ? null : known(raw),
    low: known(points.low?.[i]),
    high: known(points.high?.[i]),
    deviation: known(deviation?.[i]),
  };
}

/** How far a curve's points may lie from the cursor and still answer for it: two of its own gaps. */
export function reachOf(line: ChartLine): number {
  const { x } = line.points;
  if (x.length < 2) return Number.POSITIVE_INFINITY;
  const gap = ((x[x.length - 1] ?? 0) - (x[0] ?? 0)) / (x.length - 1);
  return Math.max(gap * 2, 1e-9);
}

/** Where to put the cursor next: the point after (or before) it that lies at least `least` further. */
export function step(lines: readonly ChartLine[], from: number, least: number, way: 1 | -1): number {
  let best: number | null = null;
  for (const { points } of lines) {
    const at = from + way * least;
    let i = nearest(points.x, at);
    while (i >= 0 && i < points.x.length && ((points.x[i] ?? 0) - from) * way <= 0) i += way;
    const found = points.x[i];
    if (found !== undefined && (best === null || Math.abs(found - at) < Math.abs(best - at))) best = found;
  }
  return best ?? from;
}

/** Up to `rows` places of a range at which a table tells the curves. */
export function tablePlaces(lines: readonly ChartLine[], range: Range, rows: number): readonly number[] {
  let longest: ArrayLike<number> = [];
  let bounds: readonly [number, number] = [0, 0];
  for (const { points } of lines) {
    const part = visible(points.x, range);
    if (part[1] - part[0] > bounds[1] - bounds[0]) {
      longest = points.x;
      bounds = part;
    }
  }
  const inside: number[] = [];
  for (let i = bounds[0]; i < bounds[1]; i++) {
    const x = longest[i] ?? 0;
    if (x >= range[0] && x <= range[1]) inside.push(x);
  }
  if (inside.length <= rows) return inside;
  return Array.from(
    { length: rows },
    (_, i) => inside[Math.round((i * (inside.length - 1)) / (rows - 1))] ?? 0,
  );
}
