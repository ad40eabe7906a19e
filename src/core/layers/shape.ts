import { scalar } from '../graph/builder.ts';
import { side, withSide } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { divide } from '../ops/divide.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply } from '../ops/multiply.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { sqrt } from '../ops/sqrt.ts';
import { transpose } from '../ops/transpose.ts';

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

/** Channels from `begin` up to `end` of x [n, c, ..]. */
export function channels(x: Value, begin: number, end: number): Value {
  return slice(
    x,
    x.shape.map((_, axis) => (axis === 1 ? begin : 0)),
    withSide(x.shape, 1, end),
  );
}

/**
 * Channels in the order that mixes groups (Zhang et al. 2018): the first of every group, then the second of every
 * group …; [n, groups·k, h, w] → the same shape.
 */
export function shuffleChannels(x: Value, groups: number): Value {
  const [n, c, h, w] = [side(x.shape, 0), side(x.shape, 1), side(x.shape, 2), side(x.shape, 3)];
  const apart = reshape(x, [n, groups, c / groups, h * w]);
  return reshape(transpose(apart, [0, 2, 1, 3]), x.shape);
}

/** The larger of each channel of the first half and its fellow of the second (Wu et al. 2018): [n, 2c, ..] → [n, c, ..]. */
export function maxFeatureMap(x: Value): Value {
  const c = side(x.shape, 1);
  return maximum(channels(x, 0, c / 2), channels(x, c / 2, c));
}
