import { isNode } from '../../../src/core/graph/leaves.ts';
import { averagePoolOp } from '../../../src/core/ops/average-pool.ts';
import { blockedConvOp } from '../../../src/core/ops/blocked-conv.ts';
import { blockedFilterGradientOp } from '../../../src/core/ops/blocked-filter-gradient.ts';
import { convOp } from '../../../src/core/ops/conv.ts';
import { convAdjointOp } from '../../../src/core/ops/conv-adjoint.ts';
import {
  type ConvFilterGradientAttributes,
  convFilterGradientOp,
} from '../../../src/core/ops/conv-filter-gradient.ts';
import type { ConvAttributes } from '../../../src/core/ops/conv-shape.ts';
import { maxPoolOp } from '../../../src/core/ops/max-pool.ts';
import type { PoolAttributes } from '../../../src/core/ops/pool.ts';
import { generate, type Numbers, pick } from './array.ts';
import type { Evaluate } from './evaluators.ts';

/** Convolutions and poolings by their sums. */

const empty: Numbers = { shape: [0], data: new Float64Array(0) };

/** Visits every (output index, filter index, input index) that a convolution multiplies. */
function eachProduct(
  output: readonly number[],
  filters: readonly number[],
  { stride, padding, dilation, groups }: ConvAttributes,
  visit: (output: readonly number[], filter: readonly number[], input: readonly number[]) => void,
): void {
  const [n = 0, out = 0, oh = 0, ow = 0] = output;
  const [, within = 0, kh = 0, kw = 0] = filters;
  generate([n, out, oh, ow, within, kh, kw], ([b = 0, o = 0, r = 0, c = 0, i = 0, p = 0, q = 0]) => {
    const group = Math.floor(o / (out / groups));
    const row = r * stride[0] + p * dilation[0] - padding[0];
    const column = c * stride[1] + q * dilation[1] - padding[1];
    visit([b, o, r, c], [o, i, p, q], [b, group * within + i, row, column]);
    return 0;
  });
}

const position = (
  [a = 0, b = 0, c = 0, d = 0]: readonly number[],
  [, y = 0, z = 0, w = 0]: readonly number[],
) => ((a * y + b) * z + c) * w + d;

function convolution(shape: readonly number[], attributes: ConvAttributes, x: Numbers, w: Numbers): Numbers {
  const result = generate(shape, () => 0);
  eachProduct(shape, w.shape, attributes, (output, filter, input) => {
    const at = position(output, shape);
    result.data[at] = (result.data[at] ?? 0) + pick(w, filter) * pick(x, input);
  });
  return result;
}

export const convolve: [string, Evaluate] = [
  convOp.name,
  (value, [x = empty, w = empty]) => {
    if (!isNode(value, convOp)) throw new Error('no convolution');
    return convolution(value.shape, value.attributes, x, w);
  },
];

/** Blocks are about memory, not about numbers. */
export const convolveBlocked: [string, Evaluate] = [
  blockedConvOp.name,
  (value, [x = empty, w = empty]) => {
    if (!isNode(value, blockedConvOp)) throw new Error('no convolution in blocks');
    return convolution(value.shape, value.attributes, x, w);
  },
];

export const convolveAdjoint: [string, Evaluate] = [
  convAdjointOp.name,
  (value, [dy = empty, w = empty]) => {
    if (!isNode(value, convAdjointOp)) throw new Error('no adjoint of a convolution');
    const result = generate(value.shape, () => 0);
    const [, , h = 0, width = 0] = value.shape;
    eachProduct(dy.shape, w.shape, value.attributes, (output, filter, input) => {
      const [, , row = 0, column = 0] = input;
      if (row < 0 || row >= h || column < 0 || column >= width) return;
      const at = position(input, value.shape);
      result.data[at] = (result.data[at] ?? 0) + pick(w, filter) * pick(dy, output);
    });
    return result;
  },
];

function filterGradient(attributes: ConvFilterGradientAttributes, x: Numbers, dy: Numbers): Numbers {
  const result = generate(attributes.filters, () => 0);
  eachProduct(dy.shape, attributes.filters, attributes, (output, filter, input) => {
    const at = position(filter, attributes.filters);
    result.data[at] = (result.data[at] ?? 0) + pick(dy, output) * pick(x, input);
  });
  return result;
}

export const filtersGradient: [string, Evaluate] = [
  convFilterGradientOp.name,
  (value, [x = empty, dy = empty]) => {
    if (!isNode(value, convFilterGradientOp)) throw new Error('no filter gradient');
    return filterGradient(value.attributes, x, dy);
  },
];

export const filtersGradientBlocked: [string, Evaluate] = [
  blockedFilterGradientOp.name,
  (value, [x = empty, dy = empty]) => {
    if (!isNode(value, blockedFilterGradientOp)) throw new Error('no filter gradient in blocks');
    return filterGradient(value.attributes, x, dy);
  },
];

/** The numbers of a pooling's window, without those that lie outside. */
function windowOf(
  x: Numbers,
  [n = 0, c = 0, r = 0, s = 0]: readonly number[],
  { kernel, stride, padding }: PoolAttributes,
): number[] {
  const [, , h = 0, w = 0] = x.shape;
  const found: number[] = [];
  for (let p = 0; p < kernel[0]; p++)
    for (let q = 0; q < kernel[1]; q++) {
      const [row, column] = [r * stride[0] + p - padding[0], s * stride[1] + q - padding[1]];
      if (row >= 0 && row < h && column >= 0 && column < w) found.push(pick(x, [n, c, row, column]));
    }
  return found;
}

export const maxWindows: [string, Evaluate] = [
  maxPoolOp.name,
  (value, [x = empty]) => {
    if (!isNode(value, maxPoolOp)) throw new Error('no pooling');
    return generate(value.shape, (index) => Math.max(...windowOf(x, index, value.attributes)));
  },
];

export const averageWindows: [string, Evaluate] = [
  averagePoolOp.name,
  (value, [x = empty]) => {
    if (!isNode(value, averagePoolOp)) throw new Error('no pooling');
    const area = value.attributes.kernel[0] * value.attributes.kernel[1];
    return generate(
      value.shape,
      (index) => windowOf(x, index, value.attributes).reduce((sum, number) => sum + number, 0) / area,
    );
  },
];
