import { assert } from '../base/assert.ts';
import type { Shape } from './value.ts';

export function count(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}

/** The side of an axis; asserts that there is one. */
export function side(shape: Shape, axis: number): number {
  const found = shape[axis];
  assert(found !== undefined, () => `axis ${axis} of [${shape}]`);
  return found;
}

/** The shape to which two shapes broadcast, aligned at their ends as in numpy. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1;
    const q = b[i - rank + b.length] ?? 1;
    assert(p === q || p === 1 || q === 1, () => `[${a}] and [${b}] broadcast`);
    return p === 1 ? q : p;
  });
}

/** The axes of `shape` along which `from` was repeated to reach it; asserts that `from` broadcasts to it. */
export function repeatedAxes(from: Shape, shape: Shape): number[] {
  assert(sameShape(broadcast(from, shape), shape), () => `[${from}] broadcasts to [${shape}]`);
  const lead = shape.length - from.length;
  return shape.flatMap((length, axis) =>
    axis < lead || (from[axis - lead] === 1 && length !== 1) ? [axis] : [],
  );
}

/** The shape with the given axes reduced to one, or removed. */
export function reduced(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  for (const axis of axes) side(shape, axis);
  return keep ? shape.map((s, i) => (axes.includes(i) ? 1 : s)) : shape.filter((_, i) => !axes.includes(i));
}

/** [0, 1, …, length − 1]. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** A copy with one entry replaced. */
export function withSide(shape: Shape, axis: number, length: number): Shape {
  return shape.map((s, i) => (i === axis ? length : s));
}
