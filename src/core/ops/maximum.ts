import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, plain, two } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/** The larger of two; where they are equal, the derivative goes to the second. */
export const maximumOp: Operator = {
  name: 'maximum',
  shape: binary('maximum'),
  gradient: (node, dy) => {
    const [a, b] = two(node);
    const first = step(subtract(a, b));
    return [multiply(dy, first), multiply(dy, subtract(scalar(1), first))];
  },
  form: plain('Max'),
};

export function maximum(a: Value, b: Value): Value {
  return node(maximumOp, [a, b], {});
}
