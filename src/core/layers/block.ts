import type { Value } from '../graph/value.ts';
import { type Activation, activate } from './activation.ts';
import { batchNorm } from './batch-norm.ts';
import { type Conv2dOptions, conv2d } from './conv2d.ts';
import type { Net } from './net.ts';

export interface BlockOptions extends Conv2dOptions {
  /** None where left out. */
  readonly activation?: Activation;
}

/** Convolution without bias, normalisation, activation: `NAME.conv`, `NAME.bn`, `NAME.prelu`. */
export function block(net: Net, name: string, x: Value, { activation, ...options }: BlockOptions): Value {
  const y = batchNorm(net, `${name}.bn`, conv2d(net, `${name}.conv`, x, options));
  return activation === undefined ? y : activate(net, `${name}.prelu`, y, activation);
}

/** One filter a channel; the map keeps its sides, or has them divided by the stride. */
export function depthwise(channels: number, kernel = 3, stride = 1): Conv2dOptions {
  return { out: channels, kernel, stride, padding: (kernel - 1) / 2, groups: channels };
}
