/** Double-precision arrays of the reference interpreter. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Calls `visit` with every index of a shape, in row-major order, and its position. */
export function everyIndex(
  shape: readonly number[],
  visit: (index: readonly number[], position: number) => void,
): void {
  const index = shape.map(() => 0);
  const total = size(shape);
  for (let position = 0; position < total; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
}

/** An array filled index by index. */
export function generate(shape: readonly number[], value: (index: readonly number[]) => number): Numbers {
  const data = new Float64Array(size(shape));
  everyIndex(shape, (index, position) => {
    data[position] = value(index);
  });
  return { shape, data };
}

/** The number at an index; 0 outside, as padding has it. */
export function pick({ shape, data }: Numbers, index: readonly number[]): number {
  let position = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const i = index[axis] ?? 0;
    if (i < 0 || i >= (shape[axis] ?? 0)) return 0;
    position = position * (shape[axis] ?? 0) + i;
  }
  return data[position] ?? Number.NaN;
}

/** The number that broadcasting puts at an index of a larger shape. */
export function spread(array: Numbers, index: readonly number[]): number {
  const lead = index.length - array.shape.length;
  return pick(
    array,
    array.shape.map((side, axis) => (side === 1 ? 0 : (index[axis + lead] ?? 0))),
  );
}
