import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { clip } from './clip.ts';
import { one, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/** min(max(x, 0), 6); unlike a clip's, its derivative at the ends is 0, which the result alone tells: y·(6 − y) > 0. */
export const relu6Op: Operator = {
  name: 'relu6',
  shape: unary('relu6'),
  gradient: (node, dy) => [multiply(dy, step(multiply(node, subtract(scalar(6), node))))],
  form: {
    kind: 'composed',
    lower: (node) => clip(one(node), 0, 6),
  },
};

export function relu6(x: Value): Value {
  return node(relu6Op, [x], {});
}
