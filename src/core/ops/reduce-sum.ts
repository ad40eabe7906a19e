import type { Operator, Value } from '../graph/value.ts';
import { one } from './elementwise.ts';
import { expand } from './expand.ts';
import { scale } from './multiply.ts';
import { kept, type ReduceAttributes, reduceForm, reduceNode, reduceShape } from './reduce.ts';

export const reduceSumOp: Operator<ReduceAttributes> = {
  name: 'reduceSum',
  shape: reduceShape('reduceSum'),
  gradient: (node, dy) => [expand(kept(node, dy), one(node).shape)],
  form: reduceForm('ReduceSum'),
};

/** The sum over axes, over all of them where none are given. */
export function reduceSum(x: Value, axes?: readonly number[], keep = false): Value {
  return reduceNode(reduceSumOp, x, axes, keep);
}

export function reduceMean(x: Value, axes?: readonly number[], keep = false): Value {
  const over = axes ?? x.shape.map((_, i) => i);
  const n = over.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  return scale(reduceSum(x, over, keep), 1 / n);
}
