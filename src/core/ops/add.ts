import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, plain } from './elementwise.ts';

export const addOp: Operator = {
  name: 'add',
  shape: binary('add'),
  gradient: (_, dy) => [dy, dy],
  form: plain('Add'),
};

export function add(a: Value, b: Value): Value {
  return node(addOp, [a, b], {});
}
