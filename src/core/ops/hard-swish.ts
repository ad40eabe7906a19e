import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { one, unary } from './elementwise.ts';
import { between, hardSigmoid } from './hard-sigmoid.ts';
import { multiply } from './multiply.ts';
import { subtract } from './subtract.ts';

/**
 * x·s with s = hardSigmoid(x) (Howard et al. 2019). Between the corners x = 6s − 3, so that s alone serves the
 * derivative: s + x/6 = 2s − 1/2 there, and s, which is 0 or 1, elsewhere.
 */
export const hardSwishOp: Operator = {
  name: 'hardSwish',
  shape: unary('hardSwish'),
  gradient(node, dy) {
    const s = hardSigmoid(one(node));
    return [multiply(dy, add(s, multiply(subtract(s, scalar(0.5)), between(s))))];
  },
  form: {
    kind: 'composed',
    lower: (node) => multiply(one(node), hardSigmoid(one(node))),
  },
};

export function hardSwish(x: Value): Value {
  return node(hardSwishOp, [x], {});
}
