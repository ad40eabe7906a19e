import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { plain, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';

export const expOp: Operator = {
  name: 'exp',
  shape: unary('exp'),
  gradient: (node, dy) => [multiply(dy, node)],
  form: plain('Exp'),
};

export function exp(x: Value): Value {
  return node(expOp, [x], {});
}
