import type { RunPoints, Series } from '../../core/contract/runs.ts';
import { metricColumns } from '../../core/training/metrics.ts';

/** One column: NaN where a number is not finite. */
export interface FrameColumn {
  readonly min: number[];
  readonly max: number[];
  readonly mean: number[];
}

/** A part of a run's metrics as charts draw it: buckets of the application, then single steps as they come in. */
export interface RunFrame {
  /** What was asked for, in steps; `to` is infinite for everything. */
  readonly from: number;
  readonly to: number;
  /** Middle of each bucket, and how many steps it has. */
  readonly steps: number[];
  readonly counts: number[];
  /** By the names of `metricColumns` and of the run's figures. */
  readonly columns: Readonly<Record<string, FrameColumn>>;
  /** Steps in a bucket of the application. */
  readonly every: number;
  /** The step behind the last that is known. */
  end: number;
}

export function frameOf(series: Series, from: number, to: number): RunFrame {
  const steps: number[] = [];
  const counts: number[] = [];
  for (const [i, first] of series.steps.entries()) {
    const next = series.steps[i + 1] ?? Math.min(series.end, to, first + series.every);
    counts.push(Math.max(1, next - first));
    steps.push(first + (Math.max(1, next - first) - 1) / 2);
  }
  const numbers = (list: readonly (number | null)[]): number[] => list.map((value) => value ?? Number.NaN);
  const columns = Object.fromEntries(
    Object.entries(series.columns).map(([name, { min, max, mean }]) => [
      name,
      { min: numbers(min), max: numbers(max), mean: numbers(mean) },
    ]),
  );
  return { from, to, steps, counts, columns, every: series.every, end: series.end };
}

/**
 * Adds steps behind the last one. What is known already is left out: a continued run takes the same steps again, with
 * the same numbers. False where steps between are missing, or one of the run's figures, so that the frame must be loaded
 * anew.
 */
export function append(frame: RunFrame, points: RunPoints): boolean {
  if (points.rows.length === 0) return true;
  if (frame.steps.length === 0) frame.end = points.first;
  if (points.first > frame.end) return false;
  const { figures = [] } = points;
  if (figures.some((name) => frame.columns[name] === undefined)) return false;
  const names: readonly string[] = [...metricColumns, ...figures];
  const places = Object.entries(frame.columns).map(
    ([name, column]) => [names.indexOf(name), column] as const,
  );
  for (let i = frame.end - points.first; i < points.rows.length; i++) {
    const row = points.rows[i] ?? [];
    frame.steps.push(points.first + i);
    frame.counts.push(1);
    for (const [at, column] of places) {
      const value = row[at] ?? Number.NaN;
      column.min.push(value);
      column.max.push(value);
      column.mean.push(value);
    }
    frame.end = points.first + i + 1;
  }
  return true;
}

/** A place on an axis by another: numbers between two known ones by a line. Both lists ascend. */
export function interpolate(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  if (x.length === 0) return 0;
  let low = 0;
  let high = x.length - 1;
  if (at <= (x[0] ?? 0)) return y[0] ?? 0;
  if (at >= (x[high] ?? 0)) return y[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [x0, x1] = [x[low] ?? 0, x[high] ?? 0];
  const share = x1 === x0 ? 0 : (at - x0) / (x1 - x0);
  return (y[low] ?? 0) + share * ((y[high] ?? 0) - (y[low] ?? 0));
}
