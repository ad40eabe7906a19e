import { constant } from '../graph/builder.ts';
import { isNode } from '../graph/leaves.ts';
import { count, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { type ConvAttributes, convShape, type Pair } from './conv-shape.ts';
import { fastFilter } from './cook-toom.ts';
import { flipOp } from './flip.ts';
import { matmul } from './matmul.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { slotMatmul } from './slot-matmul.ts';
import { transpose, transposeOp } from './transpose.ts';

/**
 * Dense 3×3 convolutions in tiles of 4×4 results (Winograd's F(4×4, 3×3), Lavin and Gray 2016): a tile of x is 6×6 and
 * becomes 36 slots, in each of which the channels meet by one product of matrices; 36 products instead of 144. The
 * transformations are products with small constant matrices too. Exact but for rounding: in float32 the result is off
 * by 1.5e-6 of its size, where the plain sum is off by 4e-7.
 */

type Matrix = readonly (readonly number[])[];

const { outputs, size, filter, before, after } = fastFilter(4, 3, [0, 1, -1, 0.5, -2]);
const slots = size * size;

export function canTile(filters: Shape, { stride, dilation, groups }: ConvAttributes): boolean {
  const plain = [...stride, ...dilation, groups].every((n) => n === 1);
  return plain && side(filters, 2) === 3 && side(filters, 3) === 3;
}

/** Where it is faster (bench/training/conv-gradients.ts): many channels, of pictures that aren't much more than tiles. */
export function tilingPays(filters: Shape, output: Shape): boolean {
  return Math.min(side(filters, 0), side(filters, 1)) >= 128 && Math.max(...output.slice(2)) <= 32;
}

/** Tiles down and across that cover [.., .., h, w]. */
const tilesOf = (shape: Shape): Pair => [
  Math.ceil(side(shape, 2) / outputs),
  Math.ceil(side(shape, 3) / outputs),
];

const turned = (matrix: Matrix): Matrix => (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j] ?? 0));

/** [(j, i), (p, q)] = m[i][p]·m[j][q]: slots are ordered column by column, pixels row by row. */
function inBothDirections(matrix: Matrix): Value {
  const rows = matrix.flatMap((across) =>
    matrix.map((down) => down.flatMap((x) => across.map((y) => x * y))),
  );
  return constant(rows.flat(), [rows.length, rows[0]?.length ?? 0]);
}

/** What every tile's part of a line of `length` pixels contributes to slot i: entry [i][t][y]. */
function band(matrix: Matrix, tiles: number, length: number, padding: number): number[][][] {
  return matrix.map((row) =>
    Array.from({ length: tiles }, (_, t) =>
      Array.from({ length }, (_, y) => row[y + padding - outputs * t] ?? 0),
    ),
  );
}

/** x with its channels first, [c, h, n, w] → every tile's slots [c, slots, tiles·n·tiles]. */
function toSlots(rows: Value, matrix: Matrix, [down, across]: Pair, padding: readonly number[]): Value {
  const [c, h, n, w] = [side(rows.shape, 0), side(rows.shape, 1), side(rows.shape, 2), side(rows.shape, 3)];
  const columns = band(matrix, across, w, padding[1] ?? 0).map(turned); // [size, w, across]
  const lines = band(matrix, down, h, padding[0] ?? 0); // [size, down, h]
  const wide = matmul(reshape(rows, [c, 1, h * n, w]), constant(columns.flat(2), [size, w, across]));
  const both = matmul(constant(lines.flat(2), [size * down, h]), reshape(wide, [c, size, h, n * across]));
  return reshape(both, [c, slots, down * n * across]);
}

/** [n, c, h, w] → [c, h, n, w]. */
const channelsFirst = (x: Value): Value => transpose(x, [1, 2, 0, 3]);

/**
 * The same, written otherwise: the filter gradient's slots of x must not be recognised as those of the forward pass, or
 * they would be kept in memory until then, more than twice as large as x.
 */
function channelsFirstAgain(x: Value): Value {
  const [n, c, h, w] = [side(x.shape, 0), side(x.shape, 1), side(x.shape, 2), side(x.shape, 3)];
  return reshape(transpose(reshape(x, [n, c * h, w]), [1, 0, 2]), [c, h, n, w]);
}

interface Filters {
  readonly w: Value;
  /** [in, out, 3, 3] instead of [out, in, 3, 3]. */
  readonly exchanged: boolean;
  /** Turned by 180°. */
  readonly mirrored: boolean;
}

/** Sees through what an input gradient does to its filters: the transformation does it for nothing. */
function plainFilters(filters: Value): Filters {
  let found: Filters = { w: filters, exchanged: false, mirrored: false };
  for (;;) {
    const { w } = found;
    const [inner] = w.inputs;
    if (!inner) return found;
    if (isNode(w, transposeOp) && w.attributes.order.join() === '1,0,2,3')
      found = { ...found, w: inner, exchanged: !found.exchanged };
    else if (isNode(w, flipOp) && w.attributes.axes.join() === '2,3')
      found = { ...found, w: inner, mirrored: !found.mirrored };
    else return found;
  }
}

/** The same as `conv` where `canTile`. */
export function tiledConv(x: Value, filters: Value, attributes: ConvAttributes): Value {
  const shape = convShape(x.shape, filters.shape, attributes);
  const [n, out] = [side(shape, 0), side(shape, 1)];
  const tiles = tilesOf(shape);
  const { w, exchanged, mirrored } = plainFilters(filters);
  const [rows, columns] = [side(w.shape, 0), side(w.shape, 1)];
  const matrix = inBothDirections(mirrored ? filter.map((row) => row.toReversed()) : filter); // [slots, 9]
  const weights = matmul(matrix, reshape(w, [rows * columns, 9]), { tb: true });
  const products = slotMatmul(
    reshape(weights, [slots, rows, columns]),
    toSlots(channelsFirst(x), before, tiles, attributes.padding),
    { transposeA: exchanged, slotsSecondB: true },
  ); // [slots, out, tiles·n·tiles]
  const results = matmul(
    reshape(products, [1, slots, count(products.shape.slice(1))]),
    reshape(inBothDirections(turned(after)), [1, slots, outputs * outputs]),
    { ta: true },
  );
  const apart = reshape(results, [out, tiles[0], n, tiles[1], outputs, outputs]);
  const together = transpose(apart, [2, 0, 1, 4, 3, 5]); // [n, out, tile, row, tile, column]
  const whole = reshape(together, [n, out, tiles[0] * outputs, tiles[1] * outputs]);
  return slice(whole, [0, 0, 0, 0], shape);
}

/** The same as `convFilterGradient` where `canTile`: the adjoint of `tiledConv` in its filters. */
export function tiledFilterGradient(x: Value, dy: Value, filters: Shape, { padding }: ConvAttributes): Value {
  const tiles = tilesOf(dy.shape);
  const products = slotMatmul(
    toSlots(channelsFirst(dy), turned(after), tiles, [0, 0]),
    toSlots(channelsFirstAgain(x), before, tiles, padding),
    { slotsSecondA: true, slotsSecondB: true, transposeB: true },
  ); // [slots, out, in]
  const pairs = reshape(products, [slots, side(filters, 0) * side(filters, 1)]);
  return reshape(matmul(pairs, inBothDirections(filter), { ta: true }), filters);
}
