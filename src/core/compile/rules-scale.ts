import { isNode } from '../graph/leaves.ts';
import { sameShape, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { conv, convOp } from '../ops/conv.ts';
import { convAdjoint, convAdjointOp } from '../ops/conv-adjoint.ts';
import { convFilterGradient, convFilterGradientOp } from '../ops/conv-filter-gradient.ts';
import { flip, flipOp } from '../ops/flip.ts';
import { multiply, multiplyOp } from '../ops/multiply.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose, transposeOp } from '../ops/transpose.ts';
import type { Rule } from './rules.ts';

/** Convolutions are linear: a factor a channel goes into their few filters instead of through a pass over pictures. */

interface Scaled {
  /** [n, channels, h, w] */
  readonly x: Value;
  /** [channels, 1, 1] */
  readonly factor: Value;
}

/** x·s with a picture x and one number a channel, or null. */
function scaled(value: Value | undefined): Scaled | null {
  const [x, factor] = value?.inputs ?? [];
  if (!value || !x || !factor || !isNode(value, multiplyOp)) return null;
  const channels = [value.shape[1] ?? 0, 1, 1];
  const fits = value.shape.length === 4 && sameShape(x.shape, value.shape);
  return fits && sameShape(factor.shape, channels) ? { x, factor } : null;
}

const along = (axis: 0 | 1, factor: Value): Value => {
  const channels = side(factor.shape, 0);
  const shape: Shape = axis === 0 ? [channels, 1, 1, 1] : [1, channels, 1, 1];
  return reshape(factor, shape);
};

/** w·s along an axis of the filters; beneath what an input gradient does to them, so that it can still be seen. */
function scaledFilters(w: Value, axis: 0 | 1, factor: Value): Value {
  const [inner] = w.inputs;
  if (inner && isNode(w, transposeOp) && w.attributes.order.join() === '1,0,2,3')
    return transpose(scaledFilters(inner, axis === 0 ? 1 : 0, factor), w.attributes.order);
  if (inner && isNode(w, flipOp) && w.attributes.axes.every((one) => one > 1))
    return flip(scaledFilters(inner, axis, factor), w.attributes.axes);
  return multiply(w, along(axis, factor));
}

const inGroups = { refused: 'groups of several channels: a filter meets each factor in one group only' };

export const convOfScaled: Rule = {
  name: 'conv(x·s, w) = conv(x, w·s), s a number a channel',
  apply(value) {
    if (!isNode(value, convOp)) return undefined;
    const found = scaled(value.inputs[0]);
    const w = value.inputs[1];
    if (!found || !w) return undefined;
    const { groups } = value.attributes;
    if (groups > 1 && side(w.shape, 1) > 1) return inGroups;
    if (groups > 1 && side(w.shape, 0) > groups) return inGroups;
    const filters = scaledFilters(w, groups > 1 ? 0 : 1, found.factor);
    return conv(found.x, filters, value.attributes);
  },
};

export const adjointOfScaled: Rule = {
  name: 'convAdjoint(dy·s, w) = convAdjoint(dy, w·s), s a number a channel',
  apply(value) {
    if (!isNode(value, convAdjointOp)) return undefined;
    const found = scaled(value.inputs[0]);
    const w = value.inputs[1];
    if (!found || !w) return undefined;
    const { input, ...attributes } = value.attributes;
    return convAdjoint(found.x, multiply(w, along(0, found.factor)), input, attributes);
  },
};

export const filterGradientOfScaled: Rule = {
  name: 'convFilterGradient(x, dy·s) = convFilterGradient(x, dy)·s, s a number a channel',
  apply(value) {
    if (!isNode(value, convFilterGradientOp)) return undefined;
    const x = value.inputs[0];
    const found = scaled(value.inputs[1]);
    if (!found || !x) return undefined;
    const { filters, ...attributes } = value.attributes;
    return multiply(convFilterGradient(x, found.x, filters, attributes), along(0, found.factor));
  },
};
