import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { type Conv2dOptions, conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { meanPool2d } from '../layers/pool.ts';
import { subsample } from '../layers/shape.ts';

export interface ShortcutOptions extends Pick<Conv2dOptions, 'initial'> {
  readonly out: number;
  readonly stride: number;
  /** Halves by the mean of four pixels instead of leaving three out. */
  readonly mean: boolean;
}

/** x beside a residual unit, brought to its shape: halved, and by a normalised 1×1 where the channels change. */
export function shortcut(net: Net, name: string, x: Value, options: ShortcutOptions): Value {
  const { out, stride, mean, ...more } = options;
  const halved = mean && stride > 1 ? meanPool2d(x, { kernel: stride, ceil: true }) : x;
  const rest = halved === x ? stride : 1;
  if (side(x.shape, 1) === out) return rest === 1 ? halved : subsample(halved, rest);
  const wide = conv2d(net, `${name}.conv`, halved, { out, kernel: 1, stride: rest, ...more });
  return batchNorm(net, `${name}.bn`, wide);
}
