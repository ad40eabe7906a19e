import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { one, unary } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/** An end may be infinite. */
export type ClipAttributes = {
  readonly low: number;
  readonly high: number;
  /** Whether the derivative is 1 everywhere: of what only rounding takes beyond the ends. */
  readonly passes: boolean;
};

/** min(max(x, low), high); the derivative is 1 at the ends themselves. */
export const clipOp: Operator<ClipAttributes> = {
  name: 'clip',
  shape(inputs, { low, high }) {
    assert(low < high, `clip from ${low} to ${high}`);
    return unary('clip')(inputs, {});
  },
  gradient(node, dy) {
    const { low, high, passes } = node.attributes;
    if (passes) return [dy];
    const x = one(node);
    const below = Number.isFinite(low) ? outside(subtract(scalar(low), x)) : null;
    const above = Number.isFinite(high) ? outside(subtract(x, scalar(high))) : null;
    const partly = below ? multiply(dy, below) : dy;
    return [above ? multiply(partly, above) : partly];
  },
  form: {
    kind: 'primitive',
    emit({ attributes: { low, high } }, onnx) {
      const end = (value: number): string => (Number.isFinite(value) ? onnx.floats([value], []) : '');
      return onnx.node('Clip', [onnx.input(0), end(low), end(high)]);
    },
  },
};

const outside = (excess: Value): Value => subtract(scalar(1), step(excess));

export function clip(x: Value, low: number, high: number, { passes = false } = {}): Value {
  return node(clipOp, [x], { low, high, passes });
}
