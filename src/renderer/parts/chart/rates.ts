import type { LineStyle } from './line.ts';
import { place, type Scale } from './scale.ts';
import type { ValueTable } from './value-table.ts';

/** A curve of one rate over another (or over ranks): points ascending by x. */
export interface RateLine extends LineStyle {
  readonly id: string;
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What an axis shows; a logarithmic one begins above 0, and what is below lies on its beginning. */
export interface RateAxis {
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  /** What it counts: “FAR”. */
  readonly name: string;
  readonly format: (value: number) => string;
}

/** Pixels of a value, kept on the axis. */
export function placeOn(scale: Scale, value: number): number {
  return place(scale, Math.min(scale.to, Math.max(scale.from, value)));
}

/**
 * y at an x: along the straight line between the points around it; the first or last point's beyond the ends. Of points
 * with the same x the last counts: a curve of accepted pairs goes up there. Null where there is no point.
 */
export function rateAt({ points }: Pick<RateLine, 'points'>, x: number): number | null {
  const after = points.findIndex(([at]) => at > x);
  if (points.length === 0) return null;
  if (after === -1) return points.at(-1)?.[1] ?? null;
  const [x2, y2] = points[after] ?? [0, 0];
  const before = points[after - 1];
  if (before === undefined) return y2;
  const [x1, y1] = before;
  return y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
}

/** SVG path of a curve. */
export function ratePath({ points }: RateLine, x: Scale, y: Scale): string {
  return points
    .map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${placeOn(x, px).toFixed(2)} ${placeOn(y, py).toFixed(2)}`)
    .join('');
}

/** The curves at places of the x axis. */
export function rateTable(
  lines: readonly RateLine[],
  x: RateAxis,
  y: RateAxis,
  places: readonly number[],
): ValueTable {
  return {
    heads: [x.name, ...lines.map(({ label }) => label)],
    rows: places.map((at) => ({
      place: x.format(at),
      cells: lines.map((line) => {
        const value = rateAt(line, at);
        return value === null ? '–' : y.format(value);
      }),
    })),
  };
}

/** A place moved along the axis: by a share of it, logarithmically where it is so, and kept on it. */
export function movedAlong({ from, to, log }: RateAxis, at: number, by: number): number {
  const next = log ? at * (to / from) ** by : at + (to - from) * by;
  return Math.min(to, Math.max(from, next));
}
