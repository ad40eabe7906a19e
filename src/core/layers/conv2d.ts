import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { conv } from '../ops/conv.ts';
import { type ConvOptions, convAttributes, type Pair } from '../ops/conv-shape.ts';
import { perChannel } from '../ops/reshape.ts';
import { type Net, parameter } from './net.ts';

export interface Conv2dOptions extends ConvOptions {
  readonly out: number;
  readonly kernel: number | Pair;
  /** Only where no normalisation follows. */
  readonly bias?: boolean;
}

/** [n, in, h, w] → [n, out, oh, ow]. Filters start as Xavier's uniform. */
export function conv2d(net: Net, name: string, x: Value, options: Conv2dOptions): Value {
  const { out, kernel, bias = false } = options;
  const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const { groups } = convAttributes(options);
  const within = side(x.shape, 1) / groups;
  const initial = { kind: 'xavier', fanIn: within * kh * kw, fanOut: out * kh * kw } as const;
  const filters = parameter(net, `${name}.weight`, [out, within, kh, kw], initial);
  const y = conv(x, filters, options);
  if (!bias) return y;
  const term = parameter(net, `${name}.bias`, [out], { kind: 'constant', value: 0 }, { decays: false });
  return add(y, perChannel(term));
}
