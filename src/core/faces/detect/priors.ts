import { assert } from '../../base/assert.ts';
import type { InputSize, Rows } from './tensor.ts';

/** One map of anchors: the sides, in pixels, of the anchors in each of its cells, and the pixels between cells. */
export interface PriorLevel {
  readonly stride: number;
  readonly sides: readonly number[];
}

/** Anchors as [rows, 3]: middle x, middle y, side, in pixels of the input; rows over level, y, x, side. */
export function priors(levels: readonly PriorLevel[], input: InputSize): Float64Array {
  const rows: number[] = [];
  for (const { stride, sides } of levels) {
    for (let y = 0; y < Math.ceil(input.height / stride); y++) {
      for (let x = 0; x < Math.ceil(input.width / stride); x++) {
        for (const side of sides) rows.push((x + 0.5) * stride, (y + 0.5) * stride, side);
      }
    }
  }
  return Float64Array.from(rows);
}

/** How many anchors there are. */
export function priorCount(levels: readonly PriorLevel[], input: InputSize): number {
  return levels.reduce(
    (sum, { stride, sides }) =>
      sum + Math.ceil(input.width / stride) * Math.ceil(input.height / stride) * sides.length,
    0,
  );
}

/** Variances of SSD (Liu et al. 2016): of the middle and of the logarithm of the sides. */
const middleVariance = 0.1;
const sideVariance = 0.2;

/** The box of a row of SSD offsets: middle = anchor + d·0.1·side, sides = anchor·e^(0.2·d). */
export function ssdBox(
  offsets: Rows,
  anchors: Float64Array,
  row: number,
): { x: number; y: number; width: number; height: number } {
  const side = anchors[3 * row + 2] ?? 0;
  const at = (i: number): number => offsets.data[4 * row + i] ?? 0;
  const width = side * Math.exp(at(2) * sideVariance);
  const height = side * Math.exp(at(3) * sideVariance);
  return {
    x: (anchors[3 * row] ?? 0) + at(0) * middleVariance * side - width / 2,
    y: (anchors[3 * row + 1] ?? 0) + at(1) * middleVariance * side - height / 2,
    width,
    height,
  };
}

/** The points of a row of SSD offsets: anchor's middle + d·0.1·side. */
export function ssdPoints(offsets: Rows, anchors: Float64Array, row: number): number[] {
  const { columns, data } = offsets;
  assert(columns % 2 === 0, 'points are pairs');
  const side = anchors[3 * row + 2] ?? 0;
  return Array.from(
    data.subarray(row * columns, (row + 1) * columns),
    (d, i) => (anchors[3 * row + (i % 2)] ?? 0) + d * middleVariance * side,
  );
}
