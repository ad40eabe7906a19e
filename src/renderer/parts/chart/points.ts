import { type Range, type Scale, valueAt } from './scale.ts';

/** A list of numbers that is only read. */
export type Numbers = ArrayLike<number>;

/** A curve: `x` ascending; NaN where there is no number. */
export interface Points {
  readonly x: Numbers;
  readonly y: Numbers;
  /** Extremes of what a point stands for. */
  readonly low?: Numbers | undefined;
  readonly high?: Numbers | undefined;
}

/** Place of the first number that is not below `value`, in an ascending list. */
export function lowerBound(list: Numbers, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? Number.NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Place of the number that is nearest to `value`; −1 in an empty list. */
export function nearest(list: Numbers, value: number): number {
  const at = lowerBound(list, value);
  if (at === 0) return list.length === 0 ? -1 : 0;
  if (at === list.length) return at - 1;
  return (list[at] ?? 0) - value < value - (list[at - 1] ?? 0) ? at : at - 1;
}

/** Places of the points to draw for a range: with one neighbour on either side, so that lines run to the edges. */
export function visible(x: Numbers, [from, to]: Range): readonly [first: number, end: number] {
  const first = Math.max(0, lowerBound(x, from) - 1);
  let end = lowerBound(x, to);
  while (end < x.length && (x[end] ?? 0) <= to) end++;
  return [first, Math.min(x.length, end + 1)];
}

/**
 * At most one point for a pixel column: the mean of its points, with their extremes. Where there are fewer points than
 * columns they are left as they are.
 */
export function decimate(points: Points, scale: Scale): Points {
  const [first, end] = visible(points.x, [scale.from, scale.to]);
  const columns = Math.max(1, Math.ceil(Math.abs(scale.end - scale.start)));
  if (end - first <= columns + 2)
    return first === 0 && end === points.x.length ? points : cut(points, first, end);
  const x: number[] = [];
  const y: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  let i = first;
  for (let column = -1; column <= columns && i < end; column++) {
    const edge = column === columns ? Number.POSITIVE_INFINITY : edgeOf(scale, column + 1);
    let sum = 0;
    let sumX = 0;
    let many = 0;
    let taken = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (; i < end && (points.x[i] ?? 0) < edge; i++) {
      const value = points.y[i] ?? Number.NaN;
      taken++;
      sumX += points.x[i] ?? 0;
      if (!Number.isFinite(value)) continue;
      many++;
      sum += value;
      least = Math.min(least, finite(points.low?.[i], value));
      most = Math.max(most, finite(points.high?.[i], value));
    }
    if (taken === 0) continue;
    x.push(sumX / taken);
    y.push(many === 0 ? Number.NaN : sum / many);
    low.push(many === 0 ? Number.NaN : least);
    high.push(many === 0 ? Number.NaN : most);
  }
  return { x, y, low, high };
}

function edgeOf(scale: Scale, column: number): number {
  return valueAt(scale, Math.min(scale.start, scale.end) + column);
}

function finite(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? value : otherwise;
}

function cut(points: Points, first: number, end: number): Points {
  const part = (list: Numbers): Numbers => Array.prototype.slice.call(list, first, end);
  return {
    x: part(points.x),
    y: part(points.y),
    low: points.low && part(points.low),
    high: points.high && part(points.high),
  };
}

/** Least and largest number that is shown in a range of x; [Infinity, −Infinity] where there is none. */
export function extent(points: Points, range: Range, log: boolean): Range {
  const [first, end] = visible(points.x, range);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number | undefined): void => {
    if (value === undefined || !Number.isFinite(value) || (log && value <= 0)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (let i = first; i < end; i++) {
    take(points.y[i]);
    take(points.low?.[i]);
    take(points.high?.[i]);
  }
  return [low, high];
}
