import { side } from '../graph/shape.ts';
import type { Shape } from '../graph/value.ts';
import type { ConvAttributes, Pair } from '../ops/conv-shape.ts';
import type { Reader } from './reader.ts';

/** What convolutions and poolings say of their windows. */

export function pairOf(reader: Reader, name: string, otherwise: Pair = [1, 1]): Pair {
  const list = reader.list(name);
  if (list === null) return otherwise;
  const [rows, columns] = list;
  if (list.length !== 2 || rows === undefined || columns === undefined)
    return reader.refuse(`its ${name} are ${list.length}, and pictures have two axes`);
  return [rows, columns];
}

/** Zeros around x [n, c, h, w]: as they are stated, or as many as keep the sides (“same”). */
export function paddingOf(
  reader: Reader,
  x: Shape,
  kernel: Pair,
  stride: Pair,
  dilation: Pair,
): ConvAttributes['padding'] {
  const how = reader.text('auto_pad', 'NOTSET');
  if (how === 'VALID') return [0, 0, 0, 0];
  if (how === 'NOTSET' || how === '') {
    const [top = 0, left = 0, bottom = 0, right = 0] = reader.list('pads') ?? [];
    return [top, left, bottom, right];
  }
  const [rows, columns] = ([0, 1] as const).map((i) => {
    const length = side(x, 2 + i);
    const reach = dilation[i] * (kernel[i] - 1) + 1;
    const all = Math.max(0, (Math.ceil(length / stride[i]) - 1) * stride[i] + reach - length);
    const less = Math.floor(all / 2);
    return how === 'SAME_LOWER' ? [all - less, less] : [less, all - less];
  });
  return [rows?.[0] ?? 0, columns?.[0] ?? 0, rows?.[1] ?? 0, columns?.[1] ?? 0];
}
