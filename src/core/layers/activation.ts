import type { Value } from '../graph/value.ts';
import { gelu } from '../ops/erf.ts';
import { hardSwish } from '../ops/hard-swish.ts';
import { maximum } from '../ops/maximum.ts';
import { scale } from '../ops/multiply.ts';
import { relu } from '../ops/relu.ts';
import { relu6 } from '../ops/relu6.ts';
import { silu } from '../ops/silu.ts';
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
      return relu6(x);
    case 'prelu':
      return preluLayer(net, name, x);
    case 'leaky-relu':
      return maximum(x, scale(x, 0.01));
    case 'silu':
      return silu(x);
    case 'hard-swish':
      return hardSwish(x);
    case 'gelu':
      return gelu(x);
  }
}
