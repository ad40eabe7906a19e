import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { conv } from '../ops/conv.ts';
import { type ConvOptions, convAttributes, type Pair } from '../ops/conv-shape.ts';
import { perChannel } from '../ops/reshape.ts';
import { he, type Net, parameter } from './net.ts';

export interface Conv2dOptions extends ConvOptions {
  readonly out: number;
  readonly kernel: number | Pair;
  /** Only where no normalisation follows. */
  readonly bias?: boolean;
  /** How filters start: as Xavier's uniform, or as He's normal by their fan out. */
  readonly initial?: 'xavier' | 'he';
}

/** [n, in, h, w] → [n, out, oh, ow]. */
export function conv2d(net: Net, name: string, x: Value, options: Conv2dOptions): Value {
  const { out, kernel, bias = false } = options;
  const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const { groups } = convAttributes(options);
  const within = side(x.shape, 1) / groups;
  const fanOut = out * kh * kw;
  const xavier = { kind: 'xavier', fanIn: within * kh * kw, fanOut } as const;
  const initial = options.initial === 'he' ? he(fanOut) : xavier;
  const filters = parameter(net, `${name}.weight`, [out, within, kh, kw], initial);
  const y = conv(x, filters, options);
  if (!bias) return y;
  const term = parameter(net, `${name}.bias`, [out], { kind: 'constant', value: 0 }, { decays: false });
  return add(y, perChannel(term));
}
