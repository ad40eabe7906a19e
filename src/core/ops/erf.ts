import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { one, plain, unary } from './elementwise.ts';
import { exp } from './exp.ts';
import { multiply, scale } from './multiply.ts';

/** The error function 2/√π ∫₀ˣ e^(−t²) dt. */
export const erfOp: Operator = {
  name: 'erf',
  shape: unary('erf'),
  gradient: (node, dy) => {
    const x = one(node);
    return [multiply(dy, scale(exp(scale(multiply(x, x), -1)), 2 / Math.sqrt(Math.PI)))];
  },
  form: plain('Erf'),
};

export function erf(x: Value): Value {
  return node(erfOp, [x], {});
}

/** x·Φ(x), Φ the normal distribution (Hendrycks and Gimpel 2016). */
export function gelu(x: Value): Value {
  return multiply(x, scale(add(erf(scale(x, Math.SQRT1_2)), scalar(1)), 0.5));
}
