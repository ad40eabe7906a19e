import { scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { one } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { kept, type ReduceAttributes, reduceForm, reduceNode, reduceShape } from './reduce.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/** The largest over axes; equal ones all get the derivative. */
export const reduceMaxOp: Operator<ReduceAttributes> = {
  name: 'reduceMax',
  shape: reduceShape('reduceMax'),
  gradient(node, dy) {
    const smaller = step(subtract(kept(node, node), one(node)));
    return [multiply(kept(node, dy), subtract(scalar(1), smaller))];
  },
  form: reduceForm('ReduceMax'),
};

export function reduceMax(x: Value, axes?: readonly number[], keep = false): Value {
  return reduceNode(reduceMaxOp, x, axes, keep);
}
