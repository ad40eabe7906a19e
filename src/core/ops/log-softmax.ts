import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { plain, unary } from './elementwise.ts';
import { exp } from './exp.ts';
import { multiply } from './multiply.ts';
import { reduceSum } from './reduce-sum.ts';
import { subtract } from './subtract.ts';

/** x − ln Σ eˣ over the last axis, without overflow. */
export const logSoftmaxOp: Operator = {
  name: 'logSoftmax',
  shape: unary('logSoftmax'),
  gradient(node, dy) {
    const total = reduceSum(dy, [dy.shape.length - 1], true);
    return [subtract(dy, multiply(exp(node), total))];
  },
  form: plain('LogSoftmax', { axis: int(-1) }),
};

export function logSoftmax(x: Value): Value {
  return node(logSoftmaxOp, [x], {});
}
