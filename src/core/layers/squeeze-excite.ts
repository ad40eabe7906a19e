import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { hardSigmoid } from '../ops/hard-sigmoid.ts';
import { multiply } from '../ops/multiply.ts';
import { reshape } from '../ops/reshape.ts';
import { sigmoid } from '../ops/sigmoid.ts';
import { type Activation, activate } from './activation.ts';
import { linear } from './linear.ts';
import type { Net } from './net.ts';
import { globalMean } from './pool.ts';

export interface SqueezeExciteOptions {
  /** Channels in between; the paper has a sixteenth. */
  readonly middle: number;
  /** The paper has none. */
  readonly bias?: boolean;
  /** In between; ReLU in the paper. */
  readonly activation?: Activation;
  /** What makes a factor of the result; σ in the paper, its straight lines in mobile networks. */
  readonly gate?: 'sigmoid' | 'hard-sigmoid';
}

/** x·gate(W₂·ReLU(W₁·mean(x))): every channel of x [n, c, h, w] by a factor (Hu et al. 2018). */
export function squeezeExcite(net: Net, name: string, x: Value, options: SqueezeExciteOptions): Value {
  const { middle, bias = false, activation = 'relu', gate = 'sigmoid' } = options;
  const [n, channels] = [side(x.shape, 0), side(x.shape, 1)];
  const narrow = linear(net, `${name}.down`, globalMean(x), { out: middle, bias }); // [n, middle]
  const active = activate(net, `${name}.prelu`, narrow, activation);
  const wide = linear(net, `${name}.up`, active, { out: channels, bias }); // [n, c]
  const factors = gate === 'sigmoid' ? sigmoid(wide) : hardSigmoid(wide);
  return multiply(x, reshape(factors, [n, channels, 1, 1]));
}
