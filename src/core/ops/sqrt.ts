import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { divide } from './divide.ts';
import { plain, unary } from './elementwise.ts';
import { scale } from './multiply.ts';

export const sqrtOp: Operator = {
  name: 'sqrt',
  shape: unary('sqrt'),
  gradient: (node, dy) => [divide(scale(dy, 0.5), node)],
  form: plain('Sqrt'),
};

export function sqrt(x: Value): Value {
  return node(sqrtOp, [x], {});
}
