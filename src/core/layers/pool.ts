import { constant } from '../graph/builder.ts';
import { range, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { averagePool } from '../ops/average-pool.ts';
import type { ConvAttributes } from '../ops/conv-shape.ts';
import { maxPool } from '../ops/max-pool.ts';
import { multiply } from '../ops/multiply.ts';
import { type PoolOptions, poolAttributes } from '../ops/pool.ts';
import { reduceMean } from '../ops/reduce-sum.ts';

export interface Pool2dOptions extends PoolOptions {
  /** Whether what is left at the bottom and at the right makes a window of its own. */
  readonly ceil?: boolean;
}

/** [n, c, h, w] → [n, c]: the mean of every channel. */
export function globalMean(x: Value): Value {
  return reduceMean(x, [2, 3]);
}

/** The largest of each window; what is padded never is. */
export function maxPool2d(x: Value, options: Pool2dOptions): Value {
  return maxPool(x, { ...options, padding: paddingOf(x, options) });
}

/** The mean of each window over what is there: padding does not count. */
export function meanPool2d(x: Value, options: Pool2dOptions): Value {
  const padding = paddingOf(x, options);
  const { kernel, stride } = poolAttributes(options);
  const y = averagePool(x, { ...options, padding });
  if (padding.every((n) => n === 0)) return y;
  const [oh, ow] = [side(y.shape, 2), side(y.shape, 3)];
  /** How many numbers of the window `i` along an axis are no padding. */
  const there = (axis: 0 | 1, i: number): number => {
    const begin = i * stride[axis] - padding[axis];
    return Math.min(begin + kernel[axis], side(x.shape, 2 + axis)) - Math.max(begin, 0);
  };
  const rows = range(oh).map((i) => kernel[0] / there(0, i));
  const columns = range(ow).map((i) => kernel[1] / there(1, i));
  const factors = rows.flatMap((row) => columns.map((column) => row * column));
  return multiply(y, constant(factors, [1, 1, oh, ow]));
}

function paddingOf(x: Value, { ceil = false, ...options }: Pool2dOptions): ConvAttributes['padding'] {
  const { kernel, stride, padding } = poolAttributes(options);
  if (!ceil) return padding;
  const more = ([0, 1] as const).map((axis) => {
    const far = padding[axis === 0 ? 2 : 3];
    const left = (side(x.shape, 2 + axis) + padding[axis] + far - kernel[axis]) % stride[axis];
    const missing = left === 0 ? 0 : stride[axis] - left;
    return far + missing < kernel[axis] ? missing : 0; // no window of padding alone
  });
  const [below = 0, right = 0] = more;
  return [padding[0], padding[1], padding[2] + below, padding[3] + right];
}
