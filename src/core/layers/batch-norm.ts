import { count, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { detach } from '../ops/detach.ts';
import { scale } from '../ops/multiply.ts';
import { moments, normalise } from '../ops/normalise.ts';
import { type Initial, type Net, parameter, running } from './net.ts';

export interface BatchNormOptions {
  /** What γ starts as; 0 where a unit is to begin as its shortcut (Goyal et al. 2017). */
  readonly gamma?: number;
  readonly epsilon?: number;
  /** How far running statistics move towards the batch's at a step. */
  readonly momentum?: number;
  /** What parameters and running statistics start as, where they come from a file. */
  readonly given?: Readonly<Record<'gamma' | 'beta' | 'mean' | 'variance', Float32Array>>;
}

/**
 * Batch normalisation of x [n, channels, ..]. In training by the batch's own mean and variance, while the running ones
 * move towards them by a tenth (the variance as its unbiased estimate); otherwise by the running ones.
 */
export function batchNorm(net: Net, name: string, x: Value, options: BatchNormOptions = {}): Value {
  const { gamma: first = 1, epsilon = 1e-5, momentum = 0.1, given } = options;
  const channels = [side(x.shape, 1)];
  const start = (value: number, data: Float32Array | undefined): Initial =>
    data ? { kind: 'given', data } : { kind: 'constant', value };
  const gamma = parameter(net, `${name}.gamma`, channels, start(first, given?.gamma), plain);
  const beta = parameter(net, `${name}.beta`, channels, start(0, given?.beta), plain);
  const batch = net.training && !net.frozen.statistics(`${name}.mean`) ? moments(x) : null;
  const n = count(x.shape) / side(x.shape, 1);
  const towards = (target: Value | undefined) => (now: Value) =>
    target === undefined ? now : add(scale(now, 1 - momentum), scale(detach(target), momentum));
  const mean = running(net, `${name}.mean`, channels, given?.mean ?? 0, towards(batch?.mean));
  const unbiased = batch ? scale(batch.variance, n / Math.max(n - 1, 1)) : undefined;
  const variance = running(net, `${name}.variance`, channels, given?.variance ?? 1, towards(unbiased));
  return normalise(x, gamma, beta, batch ?? { mean, variance }, epsilon);
}

/** Weight decay does not apply. */
const plain = { decays: false } as const;
