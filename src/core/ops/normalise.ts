import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { count, sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { affine, aroundChannels, scaleChannels, sumChannels } from './affine.ts';
import { divide } from './divide.ts';
import { at } from './elementwise.ts';
import { maximum } from './maximum.ts';
import { multiply, scale } from './multiply.ts';
import { reduceSum } from './reduce-sum.ts';
import { reduceSumSquare } from './reduce-sum-square.ts';
import { sqrt } from './sqrt.ts';
import { subtract } from './subtract.ts';

export type NormaliseAttributes = { readonly epsilon: number };

/**
 * y = γ·(x − μ)/√(σ² + ε) + β per channel (Ioffe and Szegedy 2015). Inputs x [batch, channels, ..], and γ, β, μ, σ²
 * [channels], where μ and σ² must be `moments(x)`: the derivative by x includes their way, and none flows to them.
 * With r = 1/√(σ² + ε), x̂ = (x − μ)·r and n numbers a channel:
 *   dβ = Σ dy,  dγ = Σ dy·x̂ = r·(Σ dy·x − μ·dβ),
 *   dx = γr·(dy − dβ/n − x̂·dγ/n) = A·dy + (k·x + c),  A = γr,  k = −A·r·dγ/n,  c = −A·dβ/n − k·μ.
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
    const dGamma = multiply(rate, subtract(sumChannels(multiply(dy, x)), multiply(mean, dBeta)));
    const k = scale(multiply(multiply(factor, rate), dGamma), -1 / n);
    const c = subtract(scale(multiply(factor, dBeta), -1 / n), multiply(k, mean));
    return [add(scaleChannels(dy, factor), affine(x, k, c)), dGamma, dBeta, null, null];
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

/** Mean and variance a channel over everything else, as E[x²] − E[x]²: two passes that only read. */
export function moments(x: Value): Moments {
  const axes = aroundChannels(x.shape);
  const n = count(x.shape) / (x.shape[1] ?? 1);
  const mean = scale(reduceSum(x, axes), 1 / n);
  const square = scale(reduceSumSquare(x, axes), 1 / n);
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
