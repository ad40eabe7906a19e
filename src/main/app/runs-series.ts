import type { Series, SeriesColumn } from '../../core/contract/runs.ts';

/** A column of steps; step i + 1 is at i. */
export type ColumnValues = Float32Array;

export interface SeriesRange {
  readonly run: number;
  /** Steps from here, counted from 1. */
  readonly from: number;
  /** Up to before here; null: to the end. */
  readonly to: number | null;
  /** Most buckets. */
  readonly points: number;
}

/** The columns drawn together to at most so many buckets. `rows`: how many steps there are. */
export function seriesOf(
  range: SeriesRange,
  rows: number,
  columns: readonly (readonly [string, ColumnValues])[],
): Series {
  const from = Math.max(1, range.from);
  const to = Math.max(from, Math.min(range.to ?? rows + 1, rows + 1));
  const every = Math.max(1, Math.ceil((to - from) / range.points));
  const steps = Array.from({ length: Math.ceil((to - from) / every) }, (_, i) => from + i * every);
  return {
    ...{ run: range.run, first: 1, end: rows + 1, steps, every },
    columns: Object.fromEntries(
      columns.map(([name, values]) => [name, bucketsOf(values, from - 1, to - 1, every)]),
    ),
  };
}

/** Extremes and mean of the finite numbers of each bucket; null where there is none. */
function bucketsOf(values: ColumnValues, from: number, to: number, every: number): SeriesColumn {
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  const mean: (number | null)[] = [];
  for (let start = from; start < to; start += every) {
    const end = Math.min(to, start + every);
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let count = 0;
    for (let i = start; i < end; i++) {
      const value = values[i] ?? Number.NaN;
      // Not a number, or infinite: where training diverged.
      if (value - value !== 0) continue;
      if (value < least) least = value;
      if (value > most) most = value;
      sum += value;
      count++;
    }
    min.push(count === 0 ? null : least);
    max.push(count === 0 ? null : most);
    mean.push(count === 0 ? null : sum / count);
  }
  return { min, max, mean };
}
