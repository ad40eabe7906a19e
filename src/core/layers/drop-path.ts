import { assert } from '../base/assert.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { cast } from '../ops/cast.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { mask, type Net } from './net.ts';

/**
 * Stochastic depth (Huang et al. 2016): in training, the branch x [n, ..] of each picture is left out with probability
 * `rate`, by itself, and grows by 1/(1 − rate) otherwise; else nothing happens.
 */
export function dropPath(net: Net, name: string, x: Value, rate: number): Value {
  assert(rate >= 0 && rate < 1, `a rate of ${rate} for leaving out branches`);
  if (!net.training || rate === 0) return x;
  const shape = x.shape.map((_, axis) => (axis === 0 ? side(x.shape, 0) : 1));
  return multiply(x, scale(cast(mask(net, `${name}.mask`, shape, rate)), 1 / (1 - rate)));
}
