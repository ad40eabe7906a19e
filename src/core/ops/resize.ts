import { assert } from '../base/assert.ts';
import { constant, node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Emitter, Operator, Shape, Value } from '../graph/value.ts';
import { text } from '../onnx/build.ts';
import type { Pair } from './conv-shape.ts';
import { one } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { resizeMatrix } from './resize-matrix.ts';

export type ResizeAttributes = {
  /** Height and width of the result. */
  readonly size: Pair;
  /** By how much the sides grow as far as positions go; the quotient of the sides unless a model says otherwise. */
  readonly factors: Pair;
  readonly mode: 'nearest' | 'linear';
  /** Where new pixels lie among the old ones, as ONNX calls it. */
  readonly grid: 'half_pixel' | 'pytorch_half_pixel' | 'align_corners' | 'asymmetric';
  /** Which pixel is the nearest. */
  readonly rounding: 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil';
};

/** Pictures [n, c, h, w] in another size: y = R·x·Cᵀ with a matrix for the rows and one for the columns. */
export const resizeOp: Operator<ResizeAttributes> = {
  name: 'resize',
  shape(inputs, { size, factors }) {
    const shape = operands('resize', inputs, 1)[0]?.shape ?? [];
    assert(shape.length === 4, `resize of [${shape}]`);
    assert(
      factors.every((factor) => factor > 0),
      `resize by ${factors}`,
    );
    return [...shape.slice(0, 2), ...size];
  },
  gradient(node, dy) {
    const { rows, columns } = matricesOf(one(node).shape, node.attributes);
    // dx = Rᵀ·dy·C
    const transposed = constant(turned(rows.data, rows.shape), [rows.shape[1], rows.shape[0]]);
    return [matmul(transposed, matmul(dy, constant(columns.data, columns.shape)))];
  },
  form: { kind: 'primitive', emit },
};

function emit(value: Value<ResizeAttributes>, onnx: Emitter): string {
  const { size, factors, mode, grid, rounding } = value.attributes;
  const from = one(value).shape;
  const exact = factors.every(
    (factor, i) => Number.isInteger(factor) && size[i] === side(from, 2 + i) * factor,
  );
  if (exact)
    return onnx.node('Resize', [onnx.input(0), '', onnx.floats([1, 1, ...factors], [4], 'float32')], {
      mode: text(mode),
      coordinate_transformation_mode: text(grid),
      nearest_mode: text(rounding),
    });
  // Sizes would name the batch's too, and rounded factors may miss a pixel: products are exact.
  const { rows, columns } = matricesOf(from, value.attributes);
  const [w, ow] = [columns.shape[1], columns.shape[0]];
  const wide = onnx.node('MatMul', [
    onnx.input(0),
    onnx.floats(turned(columns.data, columns.shape), [w, ow]),
  ]);
  return onnx.node('MatMul', [onnx.floats(rows.data, rows.shape), wide]);
}

interface Matrix {
  readonly data: Float64Array;
  readonly shape: Pair;
}

/** The matrices of a resize of pictures `from` [n, c, h, w]: rows [oh, h], columns [ow, w]. */
export function matricesOf(from: Shape, attributes: ResizeAttributes): { rows: Matrix; columns: Matrix } {
  const { size, factors } = attributes;
  const matrix = (i: 0 | 1): Matrix => {
    const shape = [size[i], side(from, 2 + i)] as const;
    return { data: resizeMatrix(shape[1], shape[0], factors[i], attributes), shape };
  };
  return { rows: matrix(0), columns: matrix(1) };
}

function turned(data: Float64Array, [rows, columns]: Pair): Float64Array {
  return Float64Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}

export interface ResizeOptions {
  readonly mode: ResizeAttributes['mode'];
  readonly grid?: ResizeAttributes['grid'];
  readonly rounding?: ResizeAttributes['rounding'];
  readonly factors?: Pair;
}

/** As PyTorch's interpolate does it, unless told otherwise: `nearest` by floor, `linear` between pixels' centres. */
export function resize(x: Value, size: Pair, options: ResizeOptions): Value {
  const { mode, grid = mode === 'nearest' ? 'asymmetric' : 'half_pixel', rounding = 'floor' } = options;
  const factors = options.factors ?? ([size[0] / side(x.shape, 2), size[1] / side(x.shape, 3)] as const);
  return node(resizeOp, [x], { size, factors, mode, grid, rounding });
}
