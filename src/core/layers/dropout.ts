import { assert } from '../base/assert.ts';
import type { Value } from '../graph/value.ts';
import { cast } from '../ops/cast.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { mask, type Net } from './net.ts';

/**
 * In training, every number becomes 0 with probability `rate` and the others grow by 1/(1 − rate); otherwise nothing
 * happens (Srivastava et al. 2014). The zeros are fed in, so that a run can be repeated and continued exactly.
 */
export function dropout(net: Net, name: string, x: Value, rate: number): Value {
  assert(rate >= 0 && rate < 1, `a dropout rate of ${rate}`);
  if (!net.training || rate === 0) return x;
  return multiply(x, scale(cast(mask(net, `${name}.mask`, x.shape, rate)), 1 / (1 - rate)));
}
