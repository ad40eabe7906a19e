import { count, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { detach } from '../ops/detach.ts';
import { scale } from '../ops/multiply.ts';
import { moments, normalise } from '../ops/normalise.ts';
import { type Net, parameter, running } from './net.ts';

const epsilon = 1e-5;
const momentum = 0.1;

/**
 * Batch normalisation of x [n, channels, ..]. In training by the batch's own mean and variance, while the running ones
 * move towards them by a tenth (the variance as its unbiased estimate); otherwise by the running ones.
 */
export function batchNorm(net: Net, name: string, x: Value): Value {
  const channels = [side(x.shape, 1)];
  const gamma = parameter(net, `${name}.gamma`, channels, { kind: 'constant', value: 1 }, { decays: false });
  const beta = parameter(net, `${name}.beta`, channels, { kind: 'constant', value: 0 }, { decays: false });
  const batch = moments(x);
  const n = count(x.shape) / side(x.shape, 1);
  const towards = (target: Value) => (now: Value) =>
    add(scale(now, 1 - momentum), scale(detach(target), momentum));
  const mean = running(net, `${name}.mean`, channels, 0, towards(batch.mean));
  const unbiased = scale(batch.variance, n / Math.max(n - 1, 1));
  const variance = running(net, `${name}.variance`, channels, 1, towards(unbiased));
  return normalise(x, gamma, beta, net.training ? batch : { mean, variance }, epsilon);
}
