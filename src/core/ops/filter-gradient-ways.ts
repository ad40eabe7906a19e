import { count, range, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { concat } from './concat.ts';
import { conv } from './conv.ts';
import { type ConvAttributes, isDepthwise, isPointwise } from './conv-shape.ts';
import { coversPicture, depthwiseFilterGradient, wholeFilterGradient } from './depthwise-gradient.ts';
import { matmul } from './matmul.ts';
import { pad } from './pad.ts';
import { reduceSum } from './reduce-sum.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { transpose } from './transpose.ts';

/**
 * Ways to a convolution's filter gradient, from x [n, in, h, w] and dy [n, out, oh, ow] to `filters`; each is the
 * fastest somewhere (bench/training/conv-gradients.ts).
 */

/** The way that is the fastest for these shapes on any machine. */
export function bestWay(x: Value, dy: Value, filters: Shape, attributes: ConvAttributes): Value {
  if (coversPicture(x.shape, filters, attributes)) return wholeFilterGradient(x, dy, filters);
  if (isDepthwise(filters, attributes)) return depthwiseFilterGradient(x, dy, filters, attributes);
  const small = side(dy.shape, 2) * side(dy.shape, 3) <= 16 * 16;
  if (attributes.groups === 1 && small && isPointwise(filters, attributes))
    return byTapsBatchMajor(x, dy, filters, attributes);
  if (isPointwise(filters, attributes)) return reshape(batchedProduct(dy, x, attributes.groups), filters);
  if (side(filters, 1) === 1) return byExchange(x, dy, filters, attributes);
  if (attributes.groups > 1) return byTaps(x, dy, filters, attributes);
  const few = side(filters, 1) <= 4 || side(filters, 1) * count(filters.slice(2)) <= 64;
  if (few) return byColumns(x, dy, filters, attributes);
  if (small) return byTapsBatchMajor(x, dy, filters, attributes);
  return byTaps(x, dy, filters, attributes);
}

/** Σₙ dy[n]·x[n]ᵀ of two [n, channels, ..] over all positions, each group by itself: [groups, out/groups, in/groups]. */
function batchedProduct(dy: Value, x: Value, groups = 1): Value {
  const product = matmul(flat(dy, groups), flat(x, groups), { tb: true });
  return reduceSum(reshape(product, [side(x.shape, 0), groups, ...product.shape.slice(1)]), [0]);
}

/** [n, channels, h, w] → [n·groups, channels/groups, h·w]. */
function flat(x: Value, groups: number): Value {
  const [n, channels] = [side(x.shape, 0), side(x.shape, 1)];
  return reshape(x, [n * groups, channels / groups, count(x.shape.slice(2))]);
}

/** The parts of x [.., .., h, w] that meet each filter element, [.., .., oh, ow] each, row by row of the filter. */
function taps(x: Value, dy: Shape, filters: Shape, { stride, padding, dilation }: ConvAttributes): Value[] {
  const [top, left, bottom, right] = padding;
  const padded = pad(x, [0, 0, top, left], [0, 0, bottom, right]);
  const [oh, ow] = [side(dy, 2), side(dy, 3)];
  return range(side(filters, 2)).flatMap((p) =>
    range(side(filters, 3)).map((q) => {
      const [row, column] = [p * dilation[0], q * dilation[1]];
      const ends = [row + (oh - 1) * stride[0] + 1, column + (ow - 1) * stride[1] + 1];
      const whole = padded.shape.slice(0, 2);
      return slice(padded, [0, 0, row, column], [...whole, ...ends], [1, 1, ...stride]);
    }),
  );
}

/** One product a filter element and group, over the images one by one. */
export function byTaps(x: Value, dy: Value, filters: Shape, attributes: ConvAttributes): Value {
  const parts = taps(x, dy.shape, filters, attributes).map((tap) =>
    batchedProduct(dy, tap, attributes.groups),
  );
  return fromTaps(parts, filters);
}

/** [out, in] for every filter element → [out, in, kh, kw]. */
function fromTaps(parts: readonly Value[], filters: Shape): Value {
  const [out, within] = [side(filters, 0), side(filters, 1)];
  const columns = concat(
    parts.map((part) => reshape(part, [1, out * within])),
    0,
  );
  return reshape(transpose(columns, [1, 0]), filters);
}

/** The same with the channels first, so that the whole batch is one product: nothing is summed afterwards. */
export function byTapsBatchMajor(x: Value, dy: Value, filters: Shape, attributes: ConvAttributes): Value {
  const rows = (value: Value): Value => reshape(value, [side(value.shape, 0), count(value.shape.slice(1))]);
  const first = rows(channelsFirst(dy));
  const found = taps(channelsFirst(x), dy.shape, filters, attributes);
  return fromTaps(
    found.map((tap) => matmul(first, rows(tap), { tb: true })),
    filters,
  );
}

/** [n, channels, h, w] → [channels, n, h, w]. */
const channelsFirst = (x: Value): Value => transpose(x, [1, 0, 2, 3]);

/** All taps under one another, [n, taps·in, oh·ow], and one product: for few input channels. */
export function byColumns(x: Value, dy: Value, filters: Shape, attributes: ConvAttributes): Value {
  const [out, within, kh, kw] = [side(filters, 0), side(filters, 1), side(filters, 2), side(filters, 3)];
  const columns = concat(taps(x, dy.shape, filters, attributes), 1);
  const product = reshape(batchedProduct(dy, columns), [out, kh * kw, within]);
  return reshape(transpose(product, [0, 2, 1]), filters);
}

/**
 * A convolution in which the images are the channels and dy is the filter: stride and dilation change places.
 * Works for every convolution, and is used where several filters share one channel.
 */
export function byExchange(x: Value, dy: Value, filters: Shape, attributes: ConvAttributes): Value {
  const { stride, padding, dilation, groups } = attributes;
  const [n, , h, w] = [side(x.shape, 0), 0, side(x.shape, 2), side(x.shape, 3)];
  const [out, within, kh, kw] = [side(filters, 0), side(filters, 1), side(filters, 2), side(filters, 3)];
  // [n, groups, within, h, w] → [within, groups, n, h, w]: the channels of a group become images
  const images = transpose(reshape(x, [n, groups, within, h, w]), [2, 1, 0, 3, 4]);
  const exchanged = conv(reshape(images, [within, groups * n, h, w]), channelsFirst(dy), {
    stride: dilation,
    padding,
    dilation: stride,
    groups,
  });
  // [within, out, ≥ kh, ≥ kw]: positions beyond the filter, where the stride left a rest, are cut off
  const cut = slice(exchanged, [0, 0, 0, 0], [within, out, kh, kw]);
  return within === 1 ? reshape(cut, filters) : transpose(cut, [1, 0, 2, 3]);
}
