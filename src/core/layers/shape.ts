import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { divide } from '../ops/divide.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply } from '../ops/multiply.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { sqrt } from '../ops/sqrt.ts';

/** Layers without parameters. */

/** [n, ..] → [n, rest]. */
export function flatten(x: Value): Value {
  const n = side(x.shape, 0);
  return reshape(x, [n, x.shape.reduce((a, b) => a * b, 1) / n]);
}

/** Every `stride`-th pixel: [n, c, h, w] → [n, c, ⌈h/stride⌉, ⌈w/stride⌉]; a max-pool of 1×1 windows. */
export function subsample(x: Value, stride: number): Value {
  return slice(
    x,
    x.shape.map(() => 0),
    x.shape,
    [1, 1, stride, stride],
  );
}

/** Rows [n, d] of length 1; the length counts as 1e-12 at least, so that a row of zeros stays one. */
export function unitRows(x: Value): Value {
  const length = sqrt(maximum(reduceSumSquare(x, [1], true), scalar(1e-24)));
  return multiply(x, divide(scalar(1), length));
}
