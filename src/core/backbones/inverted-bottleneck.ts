import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Activation } from '../layers/activation.ts';
import { block, depthwise } from '../layers/block.ts';
import { dropPath } from '../layers/drop-path.ts';
import type { Net } from '../layers/net.ts';
import { type SqueezeExciteOptions, squeezeExcite } from '../layers/squeeze-excite.ts';
import { add } from '../ops/add.ts';
import type { ConvAttributes } from '../ops/conv-shape.ts';

/** The unit of MobileNet V2 and of what came of it. */
export interface InvertedBottleneck {
  readonly out: number;
  /** Channels in between; where they are as many as come in, the first 1×1 is left out. */
  readonly middle: number;
  readonly kernel: number;
  readonly stride: number;
  readonly activation: Activation;
  /** After the depthwise convolution; none where left out. */
  readonly excite?: SqueezeExciteOptions | undefined;
  /** Zeros are put as TensorFlow does: with a stride, more of them below and to the right. */
  readonly same?: boolean;
  /** How often the branch is left out in training. */
  readonly dropPath?: number;
}

/** 1×1 to `middle` channels, depthwise, 1×1 to `out` without an activation (Sandler et al. 2018); a shortcut where it fits. */
export function invertedBottleneck(net: Net, name: string, x: Value, unit: InvertedBottleneck): Value {
  const { out, middle, kernel, stride, activation, excite, same = false, dropPath: rate = 0 } = unit;
  const channels = side(x.shape, 1);
  let y = x;
  if (middle !== channels) y = block(net, `${name}.expand`, y, { out: middle, kernel: 1, activation });
  const padding = same ? samePadding(y, kernel, stride) : (kernel - 1) / 2;
  y = block(net, `${name}.depthwise`, y, { ...depthwise(middle, kernel, stride), padding, activation });
  if (excite) y = squeezeExcite(net, `${name}.se`, y, excite);
  y = block(net, `${name}.project`, y, { out, kernel: 1 });
  return stride === 1 && out === channels ? add(x, dropPath(net, `${name}.path`, y, rate)) : y;
}

/** So many zeros around that sides are divided by the stride and rounded up; what cannot be halved goes below and right. */
export function samePadding(x: Value, kernel: number, stride: number): ConvAttributes['padding'] {
  const around = (axis: number): readonly [number, number] => {
    const length = side(x.shape, axis);
    const wanted = (Math.ceil(length / stride) - 1) * stride + kernel - length;
    const all = Math.max(wanted, 0);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  };
  const [[top, bottom], [left, right]] = [around(2), around(3)];
  return [top, left, bottom, right];
}

/** Channels as hardware likes them: the nearest multiple of `divisor`, but never less than nine tenths of `width`. */
export function roundWidth(width: number, divisor: number): number {
  const nearest = Math.max(divisor, Math.floor((width + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * width ? nearest + divisor : nearest;
}
