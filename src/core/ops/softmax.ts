import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { plain, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { reduceSum } from './reduce-sum.ts';
import { subtract } from './subtract.ts';

/** eˣ/Σ eˣ over the last axis, without overflow; dx = y·(dy − Σ dy·y). */
export const softmaxOp: Operator = {
  name: 'softmax',
  shape: unary('softmax'),
  gradient(node, dy) {
    const along = reduceSum(multiply(dy, node), [dy.shape.length - 1], true);
    return [multiply(node, subtract(dy, along))];
  },
  form: plain('Softmax', { axis: int(-1) }),
};

export function softmax(x: Value): Value {
  return node(softmaxOp, [x], {});
}
