import { side } from '../graph/shape.ts';
import type { Shape } from '../graph/value.ts';
import { fromFront, type Reader } from './reader.ts';

export interface Slices {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
  /** What comes out. */
  readonly shape: Shape;
}

/** What a Slice node takes of a shape: for every axis the first index, the one before which it ends, and the step. */
export function slicesOf(reader: Reader, shape: Shape): Slices {
  const inputs = reader.opset >= 10;
  const from = inputs ? reader.ints(1, 'where it starts') : (reader.list('starts') ?? []);
  const to = inputs ? reader.ints(2, 'where it ends') : (reader.list('ends') ?? []);
  const axes =
    inputs && reader.has(3) ? reader.ints(3, 'its axes') : (reader.list('axes') ?? from.map((_, i) => i));
  const by = inputs && reader.has(4) ? reader.ints(4, 'its steps') : from.map(() => 1);
  const starts = shape.map(() => 0);
  const ends = [...shape];
  const steps = shape.map(() => 1);
  axes.forEach((given, i) => {
    const axis = fromFront(given, shape.length);
    const length = side(shape, axis);
    const inside = (at: number): number => Math.min(Math.max(at < 0 ? at + length : at, 0), length);
    if ((by[i] ?? 1) < 1) reader.refuse('it goes backwards');
    starts[axis] = inside(from[i] ?? 0);
    ends[axis] = inside(to[i] ?? length);
    steps[axis] = by[i] ?? 1;
  });
  const sides = shape.map((_, axis) =>
    Math.ceil((side(ends, axis) - side(starts, axis)) / side(steps, axis)),
  );
  if (sides.some((length) => length < 1)) reader.refuse('nothing is left of it');
  return { starts, ends, steps, shape: sides };
}
