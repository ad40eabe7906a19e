import { node, scalar } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { float } from '../onnx/build.ts';
import { plain, unary } from './elementwise.ts';
import { multiply, scale } from './multiply.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/** min(max(x/6 + 1/2, 0), 1), a sigmoid of straight lines (Howard et al. 2019); the derivative at the corners is 0. */
export const hardSigmoidOp: Operator = {
  name: 'hardSigmoid',
  shape: unary('hardSigmoid'),
  // by the result, so that the input need not be kept
  gradient: (node, dy) => [multiply(dy, scale(between(node), 1 / 6))],
  form: plain('HardSigmoid', { alpha: float(1 / 6), beta: float(0.5) }),
};

/** 1 where 0 < s < 1, else 0. */
export function between(s: Value): Value {
  return step(multiply(s, subtract(scalar(1), s)));
}

export function hardSigmoid(x: Value): Value {
  return node(hardSigmoidOp, [x], {});
}
