import { constant } from '../graph/builder.ts';
import { isNode } from '../graph/leaves.ts';
import { count, sameShape, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { addOp } from '../ops/add.ts';
import { convOp } from '../ops/conv.ts';
import { at } from '../ops/elementwise.ts';
import { matmulOp } from '../ops/matmul.ts';
import { normaliseOp } from '../ops/normalise.ts';
import { reshape, reshapeOp } from '../ops/reshape.ts';
import { affineOf, isLayer, layerNumbers, layerOf, numbers } from './fold-numbers.ts';
import { identityIntoConv, parallelConvs } from './fold-parallel.ts';
import { foldedConv, foldedConvOp, foldedLinear } from './folded-ops.ts';
import type { Rule } from './rules.ts';

const shared = { refused: 'something else takes what would be changed' };
const unknown = { refused: 'its numbers are not known yet' };

/** The rules of folding. `users` says how many values take one. */
export function foldRules(users: (value: Value) => number): readonly Rule[] {
  return [
    withTerm,
    sumIntoTerm(users),
    normaliseAfter(users),
    normaliseBefore(users),
    parallelConvs(users),
    identityIntoConv(users),
  ];
}

const withTerm: Rule = {
  name: 'conv(x, W) = conv(x, W) + 0,  x·Wᵀ = x·Wᵀ + 0',
  apply(value) {
    if (isNode(value, convOp)) return foldedConv(at(value, 0), at(value, 1), zeros(value), value.attributes);
    if (!isNode(value, matmulOp)) return undefined;
    const { transposeA, transposeB } = value.attributes;
    if (transposeA || !transposeB || value.shape.length !== 2) return { refused: 'not a linear layer' };
    return foldedLinear(at(value, 0), at(value, 1), zeros(value));
  },
};

const zeros = (value: Value): Value =>
  constant(new Float32Array(side(value.shape, 1)), [side(value.shape, 1)]);

/** Also where the term has been given the sides [out, 1, 1]. */
function sumIntoTerm(users: (value: Value) => number): Rule {
  return {
    name: '(W∘x + b) + c = W∘x + (b + c)',
    apply(value) {
      if (!isNode(value, addOp)) return undefined;
      const layer = at(value, 0);
      const added = at(value, 1);
      const data = numbers(isNode(added, reshapeOp) ? at(added, 0) : added);
      if (!isLayer(layer)) return undefined;
      const [w, b] = layerNumbers(layer) ?? [];
      if (!w || !b || !data) return unknown;
      const perChannel = isNode(layer, foldedConvOp) ? [b.length, 1, 1] : [b.length];
      if (!sameShape(added.shape, perChannel)) return { refused: 'not a number a channel' };
      if (users(layer) > 1) return shared;
      return layerOf(
        layer,
        w,
        b.map((term, i) => term + (data[i] ?? 0)),
      );
    },
  };
}

function normaliseAfter(users: (value: Value) => number): Rule {
  return {
    name: 'a·(W∘x + b) + c = (a·W)∘x + (a·b + c)',
    apply(value) {
      const layer = value.inputs[0];
      if (!isNode(value, normaliseOp) || !layer || !isLayer(layer)) return undefined;
      const [w, b] = layerNumbers(layer) ?? [];
      const affine = affineOf(value);
      if (!w || !b || !affine) return unknown;
      if (users(layer) > 1) return shared;
      const { a, c } = affine;
      return layerOf(
        layer,
        scaled(w, b.length, (o) => a[o] ?? 0),
        b.map((term, o) => term * (a[o] ?? 0) + (c[o] ?? 0)),
      );
    },
  };
}

function normaliseBefore(users: (value: Value) => number): Rule {
  return {
    name: 'W∘(a·x + c) + b = (W·a)∘x + (b + Σ W·c)',
    apply(value) {
      if (!isLayer(value)) return undefined;
      const taken = at(value, 0);
      const normal = isNode(taken, reshapeOp) ? at(taken, 0) : taken;
      if (!isNode(normal, normaliseOp)) return undefined;
      if (isNode(value, foldedConvOp) && value.attributes.padding.some((zeros) => zeros > 0))
        return { refused: 'the zeros around the picture are put there after the normalisation' };
      const [w, b] = layerNumbers(value) ?? [];
      const affine = affineOf(normal);
      if (!w || !b || !affine) return unknown;
      if (users(taken) > 1 || users(normal) > 1) return shared;
      const { a, c } = affine;
      const channel = channelOf(value, normal.shape);
      const term = b.slice();
      const row = w.length / b.length;
      for (let i = 0; i < w.length; i++) {
        const o = Math.floor(i / row);
        term[o] = (term[o] ?? 0) + (w[i] ?? 0) * (c[channel(i)] ?? 0);
      }
      const weights = scaled(w, w.length, (i) => a[channel(i)] ?? 0);
      const x = at(normal, 0);
      return layerOf(value, weights, term, isNode(taken, reshapeOp) ? reshape(x, taken.shape) : x);
    },
  };
}

/** Which channel of what comes in the weight number `i` is for. */
function channelOf(layer: Value, shape: readonly number[]): (i: number) => number {
  const w = at(layer, 1).shape;
  if (isNode(layer, foldedConvOp)) {
    const [within, taps] = [side(w, 1), count(w.slice(2))];
    const perGroup = side(w, 0) / layer.attributes.groups;
    return (i) => {
      const group = Math.floor(i / (perGroup * within * taps));
      return group * within + (Math.floor(i / taps) % within);
    };
  }
  const [width, pixels] = [side(w, 1), count(shape.slice(2))]; // a flattened [channels, h, w]
  return (i) => Math.floor((i % width) / pixels);
}

/** The weights in `parts` equal parts, each times its factor. Plain loops: there are millions. */
function scaled(w: ArrayLike<number>, parts: number, factor: (part: number) => number): Float32Array {
  const result = new Float32Array(w.length);
  const length = w.length / parts;
  for (let part = 0, i = 0; part < parts; part++) {
    const by = factor(part);
    for (const end = i + length; i < end; i++) result[i] = (w[i] ?? 0) * by;
  }
  return result;
}
