import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { binary, plain, two } from './elementwise.ts';

export const multiplyOp: Operator = {
  name: 'multiply',
  shape: binary('multiply'),
  gradient: (node, dy) => {
    const [a, b] = two(node);
    return [multiply(dy, b), multiply(dy, a)];
  },
  form: plain('Mul'),
};

export function multiply(a: Value, b: Value): Value {
  return node(multiplyOp, [a, b], {});
}

export function scale(x: Value, factor: number): Value {
  return multiply(x, scalar(factor));
}
