import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { count, sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { affine, scaleChannels, sumChannels, sumProducts } from './affine.ts';
import { divide } from './divide.ts';
import { at } from './elementwise.ts';
import { maximum } from './maximum.ts';
import { multiply, scale } from './multiply.ts';
import { sqrt } from './sqrt.ts';
import { subtract } from './subtract.ts';

export type NormaliseAttributes = { readonly epsilon: number };

/**
 * y = γ·(x − μ)/√(σ² + ε) + β per channel (Ioffe and Szegedy 2015). Inputs x [batch, channels, ..], and γ, β, μ, σ²
 * [channels], where μ and σ² must be `moments(x)`: the derivative by x includes their way, and none flows to them.
 * With r = 1/√(σ² + ε), x̂ = (x − μ)·r and n numbers a channel:
 *   dβ = Σ dy,  dγ = Σ dy·x̂ = r·(Σ dy·x − μ·dβ),
 *   dx = γr·(dy − dβ/n − x̂·dγ/n) = γr·(dy + (k·x + c)),  k = −r·dγ/n,  c = −dβ/n − k·μ.
 * The factor γr comes last, because a convolution before can take it into its filters.
 */
export const normaliseOp: Operator<NormaliseAttributes> = {
  name: 'normalise',
  shape(inputs) {
    const [x, ...rest] = operands('normalise', inputs, 5).map((value) => value.shape);
    assert(x !== undefined && rest.every((shape) => sameShape(shape, [x[1] ?? 0])), 'one number a channel');
    return x;
  },
  gradient(node, dy) {
    const [x, mean] = [at(node, 0), at(node, 3)];
    const { rate, factor } = factors(node);
    const n = count(x.shape) / (x.shape[1] ?? 1);
    const dBeta = sumChannels(dy);
    const dGamma = multiply(rate, subtract(sumProducts(dy, x), multiply(mean, dBeta)));
    const k = scale(multiply(rate, dGamma), -1 / n);
    const c = subtract(scale(dBeta, -1 / n), multiply(k, mean));
    return [scaleChannels(add(dy, affine(x, k, c)), factor), dGamma, dBeta, null, null];
  },
  form: {
    kind: 'composed',
    lower(node) {
      const { factor } = factors(node);
      return affine(at(node, 0), factor, subtract(at(node, 2), multiply(at(node, 3), factor)));
    },
  },
};

/** r = 1/√(σ² + ε) and γ·r. */
function factors(node: Value<NormaliseAttributes>): { rate: Value; factor: Value } {
  const rate = divide(scalar(1), sqrt(add(at(node, 4), scalar(node.attributes.epsilon))));
  return { rate, factor: multiply(at(node, 1), rate) };
}

export interface Moments {
  readonly mean: Value;
  /** Of the batch itself: the sum of squares over n. */
  readonly variance: Value;
}

/** Mean and variance a channel over everything else, as E[x²] − E[x]². */
export function moments(x: Value): Moments {
  const n = count(x.shape) / (x.shape[1] ?? 1);
  const mean = scale(sumChannels(x), 1 / n);
  const square = scale(sumProducts(x, x), 1 / n);
  return { mean, variance: maximum(subtract(square, multiply(mean, mean)), scalar(0)) };
}

export function normalise(
  x: Value,
  gamma: Value,
  beta: Value,
  { mean, variance }: Moments,
  epsilon: number,
): Value {
  return node(normaliseOp, [x, gamma, beta, mean, variance], { epsilon });
}
