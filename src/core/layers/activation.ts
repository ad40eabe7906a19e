import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { relu } from '../ops/relu.ts';
import { sigmoid } from '../ops/sigmoid.ts';
import type { Net } from './net.ts';
import { preluLayer } from './prelu.ts';

export const activations = ['relu', 'relu6', 'prelu', 'leaky-relu', 'silu', 'hard-swish', 'gelu'] as const;

export type Activation = (typeof activations)[number];

/** The activation of that kind; PReLU alone has parameters, `NAME.slope`, one a channel. */
export function activate(net: Net, name: string, x: Value, kind: Activation): Value {
  switch (kind) {
    case 'relu':
      return relu(x);
    case 'relu6':
      return clip(x, 0, 6);
    case 'prelu':
      return preluLayer(net, name, x);
    case 'leaky-relu':
      return maximum(x, scale(x, 0.01));
    case 'silu':
      return silu(x);
    case 'hard-swish':
      return multiply(x, hardSigmoid(x));
    case 'gelu':
      return gelu(x);
  }
}

/** x·σ(x) (Elfwing et al. 2017), also "swish". */
export function silu(x: Value): Value {
  return multiply(x, sigmoid(x));
}

/** min(max(x/6 + 1/2, 0), 1) (Howard et al. 2019). */
export function hardSigmoid(x: Value): Value {
  return clip(add(scale(x, 1 / 6), scalar(0.5)), 0, 1);
}

/**
 * x·Φ(x) by its approximation ½x·(1 + tanh z) = x·σ(2z), z = √(2/π)·(x + 0.044715x³) (Hendrycks and Gimpel 2016); it
 * is within 5e-4 of it.
 */
function gelu(x: Value): Value {
  const cubic = multiply(x, add(scale(multiply(x, x), 0.044715), scalar(1)));
  return multiply(x, sigmoid(scale(cubic, 2 * Math.sqrt(2 / Math.PI))));
}
