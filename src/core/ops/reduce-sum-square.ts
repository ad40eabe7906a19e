import type { Operator, Value } from '../graph/value.ts';
import { one } from './elementwise.ts';
import { multiply, scale } from './multiply.ts';
import { kept, type ReduceAttributes, reduceForm, reduceNode, reduceShape } from './reduce.ts';

/** The sum of squares over axes, without a pass that writes the squares. */
export const reduceSumSquareOp: Operator<ReduceAttributes> = {
  name: 'reduceSumSquare',
  shape: reduceShape('reduceSumSquare'),
  gradient: (node, dy) => [multiply(one(node), scale(kept(node, dy), 2))],
  form: reduceForm('ReduceSumSquare'),
};

export function reduceSumSquare(x: Value, axes?: readonly number[], keep = false): Value {
  return reduceNode(reduceSumSquareOp, x, axes, keep);
}
