import { defined } from '../base/assert.ts';
import { constant } from '../graph/builder.ts';
import { constantOp, isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { at } from '../ops/elementwise.ts';
import type { NormaliseAttributes } from '../ops/normalise.ts';
import { foldedConv, foldedConvOp, foldedLinear, foldedLinearOp } from './folded-ops.ts';

/** What the rules of folding read and make: layers whose numbers are known. */

export const isLayer = (value: Value): boolean =>
  isNode(value, foldedConvOp) || isNode(value, foldedLinearOp);

/** Weights and terms; the terms in double precision, as several things are added to them. */
export function layerNumbers(layer: Value): readonly [ArrayLike<number>, Float64Array] | null {
  const [w, b] = [numbers(at(layer, 1)), numbers(at(layer, 2))];
  return w && b ? [w, Float64Array.from(b)] : null;
}

/** The same layer by other numbers. */
export function layerOf(layer: Value, w: ArrayLike<number>, b: Float64Array, x = at(layer, 0)): Value {
  const [weight, term] = [constant(w, at(layer, 1).shape), constant(b, at(layer, 2).shape)];
  return isNode(layer, foldedConvOp)
    ? foldedConv(x, weight, term, layer.attributes)
    : foldedLinear(x, weight, term);
}

/** a·x + c a channel: a = γ/√(σ² + ε), c = β − a·μ. */
export function affineOf(value: Value<NormaliseAttributes>): { a: Float64Array; c: Float64Array } | null {
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => numbers(at(value, i)));
  if (!gamma || !beta || !mean || !variance) return null;
  const { epsilon } = value.attributes;
  const a = Float64Array.from(gamma, (g, i) => g / Math.sqrt(defined(variance[i], 'σ²') + epsilon));
  return { a, c: a.map((factor, i) => defined(beta[i], 'β') - factor * defined(mean[i], 'μ')) };
}

export function numbers(value: Value): ArrayLike<number> | null {
  return isNode(value, constantOp) ? value.attributes.data : null;
}
