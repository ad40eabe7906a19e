import { node, scalar } from '../graph/builder.ts';
import { range, side } from '../graph/shape.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { dilate } from './dilate.ts';
import { one } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { pad } from './pad.ts';
import { type PoolAttributes, type PoolOptions, poolAttributes, poolOnnx, poolShape } from './pool.ts';
import { slice } from './slice.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';

/** Below anything that a network computes; finite, so that products with 0 stay 0. */
const lowest = -1e30;

/** The largest of each window; among equals the first, row by row, has the derivative. */
export const maxPoolOp: Operator<PoolAttributes> = {
  name: 'maxPool',
  shape: poolShape('maxPool'),
  gradient(node, dy) {
    const { kernel, stride, padding } = node.attributes;
    const [top, left, bottom, right] = padding;
    const x = one(node);
    const padded = pad(x, [0, 0, top, left], [0, 0, bottom, right], lowest);
    const [oh, ow] = [side(node.shape, 2), side(node.shape, 3)];
    let free: Value = subtract(scalar(1), subtract(node, node)); // 1 where a window's largest isn't found yet
    let total: Value | null = null;
    for (const p of range(kernel[0]))
      for (const q of range(kernel[1])) {
        const ends = [p + (oh - 1) * stride[0] + 1, q + (ow - 1) * stride[1] + 1] as const;
        const tap = slice(padded, [0, 0, p, q], [...padded.shape.slice(0, 2), ...ends], [1, 1, ...stride]);
        const taken = multiply(free, subtract(scalar(1), step(subtract(node, tap))));
        free = subtract(free, taken);
        const spread = dilate(multiply(dy, taken), [1, 1, ...stride]);
        const after = [side(padded.shape, 2) - ends[0], side(padded.shape, 3) - ends[1]];
        const placed = pad(spread, [0, 0, p, q], [0, 0, ...after]);
        total = total ? add(total, placed) : placed;
      }
    const [h, w] = [side(x.shape, 2), side(x.shape, 3)];
    return [total && slice(total, [0, 0, top, left], [...x.shape.slice(0, 2), top + h, left + w])];
  },
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) => onnx.node('MaxPool', [onnx.input(0)], poolOnnx(attributes)),
  },
};

export function maxPool(x: Value, options: PoolOptions): Value {
  return node(maxPoolOp, [x], poolAttributes(options));
}
