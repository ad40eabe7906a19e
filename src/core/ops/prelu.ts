import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { affine, sumProducts } from './affine.ts';
import { clip } from './clip.ts';
import { two } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/**
 * x where x > 0, else a·x, with one slope a channel (He et al. 2015): x [batch, channels, ..], a [channels].
 * onnxruntime's own PRelu is slower than x·s with s = a + (1 − a)·step(x), and s serves the derivative too:
 *   dx = dy·s,  da = Σ dy·min(x, 0).
 */
export const preluOp: Operator = {
  name: 'prelu',
  shape(inputs) {
    const [x, a] = operands('prelu', inputs, 2).map((value) => value.shape);
    assert(x && a && sameShape(a, [x[1] ?? 0]), `prelu of [${x}] by [${a}]`);
    return x;
  },
  gradient(node, dy) {
    const [x, a] = two(node);
    return [multiply(dy, slopeAt(x, a)), sumProducts(dy, clip(x, Number.NEGATIVE_INFINITY, 0))];
  },
  form: {
    kind: 'composed',
    lower(node) {
      const [x, a] = two(node);
      return multiply(x, slopeAt(x, a));
    },
  },
};

const slopeAt = (x: Value, a: Value): Value => affine(step(x), subtract(scalar(1), a), a);

export function prelu(x: Value, slopes: Value): Value {
  return node(preluOp, [x, slopes], {});
}
