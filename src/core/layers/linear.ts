import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { matmul } from '../ops/matmul.ts';
import { type Initial, type Net, parameter } from './net.ts';

export interface LinearOptions {
  readonly out: number;
  readonly bias?: boolean;
  /** How the weights start: as Xavier's uniform unless told otherwise. */
  readonly initial?: Initial;
}

/** [n, in] → [n, out]: x·Wᵀ + b with W [out, in]. */
export function linear(net: Net, name: string, x: Value, options: LinearOptions): Value {
  const { out, bias = true } = options;
  const width = side(x.shape, 1);
  const { initial = { kind: 'xavier', fanIn: width, fanOut: out } } = options;
  const weight = parameter(net, `${name}.weight`, [out, width], initial);
  const y = matmul(x, weight, { tb: true });
  if (!bias) return y;
  return add(y, parameter(net, `${name}.bias`, [out], { kind: 'constant', value: 0 }, { decays: false }));
}
