import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, plain } from './elementwise.ts';

/** Whether a < b, element by element; no where a number is none. An answer, which `where` takes; without a derivative. */
export const lessOp: Operator = {
  name: 'less',
  shape: binary('less'),
  type: () => 'bool',
  gradient: () => [null, null],
  form: plain('Less'),
};

export function less(a: Value, b: Value): Value {
  return node(lessOp, [a, b], {});
}
