import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { layerNorm } from '../ops/layer-norm.ts';
import { type Net, parameter } from './net.ts';

/** Every row of x [.., d] with mean 0 and variance 1, times a factor and plus a term for each of the d. */
export function layerNormLayer(net: Net, name: string, x: Value, epsilon = 1e-5): Value {
  const row = [side(x.shape, x.shape.length - 1)];
  const gamma = parameter(net, `${name}.gamma`, row, { kind: 'constant', value: 1 }, { decays: false });
  const beta = parameter(net, `${name}.beta`, row, { kind: 'constant', value: 0 }, { decays: false });
  return layerNorm(x, gamma, beta, epsilon);
}
