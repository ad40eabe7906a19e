import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { plain, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { subtract } from './subtract.ts';

export const sigmoidOp: Operator = {
  name: 'sigmoid',
  shape: unary('sigmoid'),
  // σ' = σ(1 − σ)
  gradient: (node, dy) => [multiply(dy, multiply(node, subtract(scalar(1), node)))],
  form: plain('Sigmoid'),
};

export function sigmoid(x: Value): Value {
  return node(sigmoidOp, [x], {});
}
