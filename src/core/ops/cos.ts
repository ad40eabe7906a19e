import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { one, plain, unary } from './elementwise.ts';
import { multiply, scale } from './multiply.ts';
import { sin } from './sin.ts';

/** Of angles in radians. */
export const cosOp: Operator = {
  name: 'cos',
  shape: unary('cos'),
  gradient: (node, dy) => [scale(multiply(dy, sin(one(node))), -1)],
  form: plain('Cos'),
};

export function cos(x: Value): Value {
  return node(cosOp, [x], {});
}
