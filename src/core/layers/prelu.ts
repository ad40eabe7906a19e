import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { prelu } from '../ops/prelu.ts';
import { type Net, parameter } from './net.ts';

/** PReLU with a slope a channel, 0.25 at first. The slopes decay as weights do, as in both papers' code. */
export function preluLayer(net: Net, name: string, x: Value): Value {
  return prelu(x, parameter(net, `${name}.slope`, [side(x.shape, 1)], { kind: 'constant', value: 0.25 }));
}
