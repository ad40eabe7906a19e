import type { Points } from './points.ts';

/** How many colours charts have: `--chart-1` … of the theme. Further lines begin anew, with another dash. */
export const chartColours = 8;

/** Lengths of dash and gap in pixels: lines are told apart without colours too. */
const dashes: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 2.5],
  [9, 3, 2, 3],
  [4, 4],
  [12, 4],
  [9, 2, 2, 2, 2, 2],
  [1, 4],
];

export interface LineStyle {
  /** 1..chartColours. */
  readonly colour: number;
  readonly dash: readonly number[];
}

/** Style of the n-th line, from 0. */
export function lineStyle(index: number): LineStyle {
  const round = Math.floor(index / chartColours);
  return { colour: (index % chartColours) + 1, dash: dashes[(index + round) % dashes.length] ?? [] };
}

/** One curve of a chart. */
export interface ChartLine extends LineStyle {
  readonly id: string;
  readonly label: string;
  readonly points: Points;
  /** Drawn in full, with the points themselves faint behind it. */
  readonly smoothed?: ArrayLike<number> | undefined;
  /** Half the length of the bar at each point. */
  readonly deviation?: ArrayLike<number> | undefined;
  /** A dot at each point: for few points. */
  readonly dots?: boolean;
}

/** A place that stands out: the best validation. */
export interface ChartMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly colour: number;
}
