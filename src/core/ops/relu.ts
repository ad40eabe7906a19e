import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { plain, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { step } from './step.ts';

export const reluOp: Operator = {
  name: 'relu',
  shape: unary('relu'),
  // by the result, so that the input need not be kept
  gradient: (node, dy) => [multiply(dy, step(node))],
  form: plain('Relu'),
};

export function relu(x: Value): Value {
  return node(reluOp, [x], {});
}
