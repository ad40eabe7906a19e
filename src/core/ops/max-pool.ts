import { defined } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { range, side } from '../graph/shape.ts';
import type { Operator, Value } from '../graph/value.ts';
import { add } from './add.ts';
import { concat } from './concat.ts';
import type { Pair } from './conv-shape.ts';
import { one } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { pad } from './pad.ts';
import { type PoolAttributes, type PoolOptions, poolAttributes, poolOnnx, poolShape } from './pool.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { step } from './step.ts';
import { subtract } from './subtract.ts';
import { transpose } from './transpose.ts';

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
    const [down, across] = stride;
    // one grid for every offset in a stride: there taps of a whole stride apart meet, at a fraction of the size
    const [gh, gw] = [Math.ceil(side(padded.shape, 2) / down), Math.ceil(side(padded.shape, 3) / across)];
    const grids = new Map<number, Value>();
    for (const p of range(kernel[0]))
      for (const q of range(kernel[1])) {
        const ends = [p + (oh - 1) * down + 1, q + (ow - 1) * across + 1] as const;
        const tap = slice(padded, [0, 0, p, q], [...padded.shape.slice(0, 2), ...ends], [1, 1, ...stride]);
        const taken = multiply(free, subtract(scalar(1), step(subtract(node, tap))));
        free = subtract(free, taken);
        const [u, v] = [Math.floor(p / down), Math.floor(q / across)];
        const placed = pad(multiply(dy, taken), [0, 0, u, v], [0, 0, gh - oh - u, gw - ow - v]);
        const grid = (p % down) * across + (q % across);
        const before = grids.get(grid);
        grids.set(grid, before ? add(before, placed) : placed);
      }
    const [h, w] = [side(x.shape, 2), side(x.shape, 3)];
    const whole = interleaved(grids, stride);
    return [slice(whole, [0, 0, top, left], [...x.shape.slice(0, 2), top + h, left + w])];
  },
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) => onnx.node('MaxPool', [onnx.input(0)], poolOnnx(attributes)),
  },
};

export function maxPool(x: Value, options: PoolOptions): Value {
  return node(maxPoolOp, [x], poolAttributes(options));
}

/** Grids [n, c, gh, gw] by their offset in a stride, row by row → [n, c, gh·down, gw·across]; zeros where none is. */
function interleaved(grids: ReadonlyMap<number, Value>, [down, across]: Pair): Value {
  const some = defined(grids.get(0), 'the first grid');
  const [n, c, gh, gw] = [side(some.shape, 0), side(some.shape, 1), side(some.shape, 2), side(some.shape, 3)];
  if (down * across === 1) return some;
  const none = subtract(some, some);
  const planes = range(down * across).map((i) => reshape(grids.get(i) ?? none, [n, c, 1, gh, gw]));
  const apart = reshape(concat(planes, 2), [n, c, down, across, gh, gw]);
  return reshape(transpose(apart, [0, 1, 4, 2, 5, 3]), [n, c, gh * down, gw * across]);
}
