import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { cos } from './cos.ts';
import { one, plain, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';

/** Of angles in radians. */
export const sinOp: Operator = {
  name: 'sin',
  shape: unary('sin'),
  gradient: (node, dy) => [multiply(dy, cos(one(node)))],
  form: plain('Sin'),
};

export function sin(x: Value): Value {
  return node(sinOp, [x], {});
}
