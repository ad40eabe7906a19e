import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, plain, two } from './elementwise.ts';
import { multiply, scale } from './multiply.ts';

export const divideOp: Operator = {
  name: 'divide',
  shape: binary('divide'),
  gradient: (node, dy) => {
    const b = two(node)[1];
    const da = divide(dy, b);
    // ∂(a/b)/∂b = −(a/b)/b
    return [da, scale(multiply(da, node), -1)];
  },
  form: plain('Div'),
};

export function divide(a: Value, b: Value): Value {
  return node(divideOp, [a, b], {});
}
