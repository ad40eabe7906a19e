import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { divide } from './divide.ts';
import { one, plain, unary } from './elementwise.ts';

export const logOp: Operator = {
  name: 'log',
  shape: unary('log'),
  gradient: (node, dy) => [divide(dy, one(node))],
  form: plain('Log'),
};

export function log(x: Value): Value {
  return node(logOp, [x], {});
}
