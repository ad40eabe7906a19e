import type { Tensor } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../../core/base/assert.ts';
import { isNode } from '../../../core/graph/leaves.ts';
import type { Operator, Value } from '../../../core/graph/value.ts';
import type { Tf } from './tf.ts';

/** How tfjs computes a node from its inputs, in the shapes that our graph has: pictures are [n, channels, h, w]. */
export type Rule = (tf: Tf, value: Value, inputs: readonly Tensor[]) => Tensor;

/** A rule that reads its operator's attributes. */
export function rule<A extends object>(
  op: Operator<A>,
  apply: (tf: Tf, value: Value<A>, inputs: readonly Tensor[]) => Tensor,
): [string, Rule] {
  return [
    op.name,
    (tf, value, inputs) => {
      assert(isNode(value, op), `${value.op.name} is a ${op.name}`);
      return apply(tf, value, inputs);
    },
  ];
}

/** A rule of one input. */
export function unary<A extends object>(
  op: Operator<A>,
  apply: (tf: Tf, x: Tensor, attributes: A) => Tensor,
): [string, Rule] {
  return rule(op, (tf, { attributes }, inputs) => apply(tf, nth(inputs, 0), attributes));
}

/** A rule of two inputs, which broadcast. */
export function binary<A extends object>(
  op: Operator<A>,
  apply: (tf: Tf, a: Tensor, b: Tensor, attributes: A) => Tensor,
): [string, Rule] {
  return rule(op, (tf, { attributes }, inputs) => apply(tf, nth(inputs, 0), nth(inputs, 1), attributes));
}

export function nth(inputs: readonly Tensor[], index: number): Tensor {
  return defined(inputs[index], `input ${index}`);
}
