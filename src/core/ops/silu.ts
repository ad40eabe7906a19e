import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { one, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { sigmoid } from './sigmoid.ts';
import { subtract } from './subtract.ts';

/** y = x·s with s = σ(x), also called swish (Ramachandran et al. 2017): y' = s + x·s(1 − s) = y + s(1 − y). */
export const siluOp: Operator = {
  name: 'silu',
  shape: unary('silu'),
  gradient(node, dy) {
    const s = sigmoid(one(node));
    return [multiply(dy, add(node, multiply(s, subtract(scalar(1), node))))];
  },
  form: {
    kind: 'composed',
    lower: (node) => multiply(one(node), sigmoid(one(node))),
  },
};

export function silu(x: Value): Value {
  return node(siluOp, [x], {});
}
