import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { one, unary } from './elementwise.ts';

/** The same numbers, through which no derivative flows. */
export const detachOp: Operator = {
  name: 'detach',
  shape: unary('detach'),
  gradient: () => [null],
  form: { kind: 'composed', lower: one },
};

export function detach(x: Value): Value {
  return node(detachOp, [x], {});
}
