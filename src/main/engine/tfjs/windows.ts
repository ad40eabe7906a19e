import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { range, side } from '../../../core/graph/shape.ts';
import type { Shape } from '../../../core/graph/value.ts';
import { averagePoolOp } from '../../../core/ops/average-pool.ts';
import { convOp } from '../../../core/ops/conv.ts';
import { type ConvAttributes, isDepthwise, type Pair } from '../../../core/ops/conv-shape.ts';
import { maxPoolOp } from '../../../core/ops/max-pool.ts';
import { binary, type Rule, unary } from './rule.ts';
import type { Tf } from './tf.ts';

/**
 * Convolutions and poolings. tfjs's processor backend has channels last only, and neither backend has the derivatives of
 * dilated or unevenly padded convolutions: padding and dilation are made of zeros, what is left is plain.
 */
export const windowRules: readonly [string, Rule][] = [
  binary(convOp, (tf, x, w, attributes) => {
    const pictures = padded(tf, lastChannels(tf, x), attributes.padding, 0);
    return firstChannels(tf, convolved(tf, pictures, w, attributes));
  }),
  unary(maxPoolOp, (tf, x, { kernel, stride, padding }) => {
    // below anything that a network computes
    const pictures = padded(tf, lastChannels(tf, x), padding, -1e30);
    return firstChannels(tf, tf.maxPool(pictures, two(kernel), two(stride), 'valid'));
  }),
  unary(averagePoolOp, (tf, x, { kernel, stride, padding }) => {
    const pictures = padded(tf, lastChannels(tf, x), padding, 0);
    return firstChannels(tf, tf.avgPool(pictures, two(kernel), two(stride), 'valid'));
  }),
];

const two = ([height, width]: Pair): [number, number] => [height, width];

/** [n, channels, h, w] → [n, h, w, channels]. */
const lastChannels = (tf: Tf, x: Tensor): Tensor4D => tf.transpose(x as Tensor4D, [0, 2, 3, 1]);

/** [n, h, w, channels] → [n, channels, h, w]. */
const firstChannels = (tf: Tf, x: Tensor4D): Tensor4D => tf.transpose(x, [0, 3, 1, 2]);

/** x [n, h, w, channels] with `value` around it. */
function padded(tf: Tf, x: Tensor4D, padding: ConvAttributes['padding'], value: number): Tensor4D {
  const [top, left, bottom, right] = padding;
  if (padding.every((n) => n === 0)) return x;
  return tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/** x [n, h, w, in] by filters [out, in/groups, kh, kw]: [n, oh, ow, out]. */
function convolved(tf: Tf, x: Tensor4D, filters: Tensor, attributes: ConvAttributes): Tensor4D {
  const { stride, dilation, groups } = attributes;
  const w = dilated(tf, filters, dilation);
  const even = stride[0] === stride[1];
  if (isDepthwise(filters.shape, attributes) && even)
    // [channels, 1, kh, kw] → [kh, kw, channels, 1]
    return tf.depthwiseConv2d(x, tf.transpose(w, [2, 3, 0, 1]), two(stride), 'valid');
  // [out, in/groups, kh, kw] → [kh, kw, in/groups, out]
  const kernels: Tensor4D = tf.transpose(w, [2, 3, 1, 0]);
  if (groups === 1) return tf.conv2d(x, kernels, two(stride), 'valid');
  const parts = range(groups).map((group) => {
    const of = (tensor: Tensor4D): Tensor4D => part(tf, tensor, group, groups);
    return tf.conv2d(of(x), of(kernels), two(stride), 'valid');
  });
  return tf.concat(parts, 3);
}

/** One of `parts` equal stretches of the last axis. */
function part(tf: Tf, x: Tensor4D, index: number, parts: number): Tensor4D {
  const length = side(x.shape, 3) / parts;
  return tf.slice(x, [0, 0, 0, index * length], [-1, -1, -1, length]);
}

/** Filters [out, in, kh, kw] with the zeros between their elements that a dilation means. */
function dilated(tf: Tf, filters: Tensor, [down, across]: Pair): Tensor4D {
  const w = filters as Tensor4D;
  if (down === 1 && across === 1) return w;
  const [out, within, kh, kw] = w.shape;
  const sides: Shape = [(kh - 1) * down + 1, (kw - 1) * across + 1];
  const apart = tf.reshape(w, [out * within, kh, 1, kw, 1]);
  const spread = tf.pad(apart, [
    [0, 0],
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
  ]);
  const whole: Tensor4D = tf.reshape(spread, [out, within, kh * down, kw * across]);
  return tf.slice(whole, [0, 0, 0, 0], [out, within, side(sides, 0), side(sides, 1)]);
}
