import type { Frame } from './draw.ts';
import type { ChartLine } from './line.ts';
import { extent } from './points.ts';
import { padded, type Range } from './scale.ts';
import { type AxisKind, logTicks, ticks } from './ticks.ts';

const labelWidth = 6.6; // pixels of a figure in the small type
const margins = { top: 8, right: 14, bottom: 22, left: 46 } as const;

/** Where everything of a line chart lies. */
export function layOut(
  width: number,
  height: number,
  lines: readonly ChartLine[],
  x: { readonly range: Range; readonly kind: AxisKind },
  y: { readonly kind: AxisKind; readonly log: boolean },
): Frame {
  const [low, all] = valueRange(lines, x.range, y.log);
  // No share is above all of it: as much room there as a dot needs, and no figure.
  const high = y.kind === 'share' && all > 1 && low < 1 ? 1 + (1 - low) * 0.03 : all;
  const top = margins.top;
  const bottom = Math.max(top + 10, height - margins.bottom);
  const yCount = Math.max(2, Math.floor((bottom - top) / 27));
  const yTicks = (y.log ? logTicks : ticks)(low, high, yCount, y.kind).filter(
    ({ value }) => y.kind !== 'share' || value < 1 + 1e-9,
  );
  const longest = Math.max(0, ...yTicks.map(({ label }) => label.length));
  const left = Math.max(margins.left, Math.ceil(longest * labelWidth) + 12);
  const right = Math.max(left + 10, width - margins.right);
  return {
    width,
    height,
    left,
    top,
    right,
    bottom,
    x: { from: x.range[0], to: x.range[1], start: left, end: right, log: false },
    y: { from: low, to: high, start: bottom, end: top, log: y.log },
    xTicks: ticks(x.range[0], x.range[1], Math.max(1, Math.floor((right - left) / 84)), x.kind),
    yTicks,
  };
}

function valueRange(lines: readonly ChartLine[], range: Range, log: boolean): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { points, deviation } of lines) {
    const spread = deviation === undefined ? points : withDeviation(points.x, points.y, deviation);
    const [least, most] = extent(spread, range, log);
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  return padded([low, high], log);
}

function withDeviation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  deviation: ArrayLike<number>,
): { x: ArrayLike<number>; y: ArrayLike<number>; low: number[]; high: number[] } {
  return {
    x,
    y,
    low: Array.from(y, (value, i) => value - (deviation[i] ?? 0)),
    high: Array.from(y, (value, i) => value + (deviation[i] ?? 0)),
  };
}

/** From the first to the last point of all curves; [0, 1] where there is none. */
export function wholeRange(lines: readonly ChartLine[]): Range {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { points } of lines) {
    if (points.x.length === 0) continue;
    from = Math.min(from, points.x[0] ?? 0);
    to = Math.max(to, points.x[points.x.length - 1] ?? 0);
  }
  if (!(from <= to)) return [0, 1];
  return from === to ? [from - 0.5, to + 0.5] : [from, to];
}
