import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { matmul } from '../ops/matmul.ts';
import { type Net, parameter } from './net.ts';

export interface LinearOptions {
  readonly out: number;
  readonly bias?: boolean;
}

/** [n, in] → [n, out]: x·Wᵀ + b with W [out, in], which starts as Xavier's uniform. */
export function linear(net: Net, name: string, x: Value, { out, bias = true }: LinearOptions): Value {
  const width = side(x.shape, 1);
  const weight = parameter(net, `${name}.weight`, [out, width], {
    kind: 'xavier',
    fanIn: width,
    fanOut: out,
  });
  const y = matmul(x, weight, { tb: true });
  if (!bias) return y;
  return add(y, parameter(net, `${name}.bias`, [out], { kind: 'constant', value: 0 }, { decays: false }));
}
