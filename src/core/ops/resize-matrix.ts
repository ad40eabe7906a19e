import type { ResizeAttributes } from './resize.ts';

/**
 * Resizing along one side is a product with a matrix [to, from], row-major: row i has the weights of the old pixels that
 * make the new pixel i. `factor` is by how much the side grows as far as positions go.
 */
export function resizeMatrix(
  from: number,
  to: number,
  factor: number,
  { mode, grid, rounding }: Pick<ResizeAttributes, 'mode' | 'grid' | 'rounding'>,
): Float64Array {
  const weights = new Float64Array(to * from);
  const put = (row: number, column: number, weight: number): void => {
    const at = row * from + Math.min(Math.max(column, 0), from - 1);
    weights[at] = (weights[at] ?? 0) + weight;
  };
  for (let i = 0; i < to; i++) {
    const x = position(i, from, to, factor, grid);
    if (mode === 'nearest') put(i, rounded(x, rounding), 1);
    else {
      const below = Math.floor(x);
      put(i, below, 1 - (x - below));
      put(i, below + 1, x - below);
    }
  }
  return weights;
}

/** Where the new pixel i lies among the old ones (ONNX, Resize: coordinate_transformation_mode). */
function position(
  i: number,
  from: number,
  to: number,
  factor: number,
  grid: ResizeAttributes['grid'],
): number {
  switch (grid) {
    case 'half_pixel':
      return (i + 0.5) / factor - 0.5;
    case 'pytorch_half_pixel':
      return to > 1 ? (i + 0.5) / factor - 0.5 : 0;
    case 'align_corners':
      return to > 1 ? (i * (from - 1)) / (to - 1) : 0;
    case 'asymmetric':
      return i / factor;
  }
}

function rounded(x: number, rounding: ResizeAttributes['rounding']): number {
  switch (rounding) {
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5);
    case 'round_prefer_floor':
      return Math.ceil(x - 0.5);
  }
}
