import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, one, unary } from './elementwise.ts';

/**
 * Marks of mixed precision (compile/half.ts): the same numbers, and a word about how exact what follows is. In a graph of
 * single precision they mean nothing and are taken out.
 */

/** From here on half precision, as far as operators run in it. */
export const halfOp: Operator = {
  name: 'half',
  shape: unary('half'),
  gradient: (_, dy) => [full(dy)],
  form: { kind: 'composed', lower: one },
};

export function half(x: Value): Value {
  return node(halfOp, [x], {});
}

/** From here on single precision; derivatives go back in the precision that the numbers had before. */
export const fullOp: Operator = {
  name: 'full',
  shape: unary('full'),
  gradient: (value, dy) => [like(dy, one(value))],
  form: { kind: 'composed', lower: one },
};

export function full(x: Value): Value {
  return node(fullOp, [x], {});
}

/** The first operand, as exact as the second, of the same shape. */
export const likeOp: Operator = {
  name: 'like',
  shape: binary('like'),
  gradient: (value, dy) => [like(dy, one(value)), null],
  form: { kind: 'composed', lower: one },
};

export function like(x: Value, as: Value): Value {
  return node(likeOp, [x, as], {});
}

export const marks: readonly Operator[] = [fullOp, halfOp, likeOp];
