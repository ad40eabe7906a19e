import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, plain } from './elementwise.ts';
import { scale } from './multiply.ts';

export const subtractOp: Operator = {
  name: 'subtract',
  shape: binary('subtract'),
  gradient: (_, dy) => [dy, scale(dy, -1)],
  form: plain('Sub'),
};

export function subtract(a: Value, b: Value): Value {
  return node(subtractOp, [a, b], {});
}
