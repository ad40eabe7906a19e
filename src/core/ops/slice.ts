import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { dilate } from './dilate.ts';
import { one } from './elementwise.ts';
import { pad } from './pad.ts';

/** For every axis: the first index, the index before which it ends, and the step. */
export type SliceAttributes = {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
};

export const sliceOp: Operator<SliceAttributes> = {
  name: 'slice',
  shape(inputs, { starts, ends, steps }) {
    const shape = operands('slice', inputs, 1)[0]?.shape ?? [];
    assert(
      [starts, ends, steps].every((list) => list.length === shape.length),
      'a slice names every axis',
    );
    return shape.map((length, i) => {
      const [start, end, step] = [side(starts, i), side(ends, i), side(steps, i)];
      assert(0 <= start && start < end && end <= length && step > 0, `${start}:${end}:${step} of [${shape}]`);
      return Math.ceil((end - start) / step);
    });
  },
  gradient(node, dy) {
    const { starts, steps } = node.attributes;
    const spread = dilate(dy, steps);
    const after = one(node).shape.map((length, i) => length - side(starts, i) - side(spread.shape, i));
    return [pad(spread, starts, after)];
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const { starts, ends, steps } = node.attributes;
      const axes = starts.flatMap((start, i) =>
        start > 0 || side(ends, i) < side(one(node).shape, i) || side(steps, i) > 1 ? [i] : [],
      );
      const pick = (list: readonly number[]): string => onnx.ints(axes.map((axis) => side(list, axis)));
      const unit = axes.every((axis) => steps[axis] === 1);
      return onnx.node('Slice', [
        onnx.input(0),
        pick(starts),
        pick(ends),
        onnx.ints(axes),
        ...(unit ? [] : [pick(steps)]),
      ]);
    },
  },
};

export function slice(x: Value, starts: Shape, ends: Shape, steps?: Shape): Value {
  const whole = starts.every((start) => start === 0) && ends.every((end, i) => end === x.shape[i]);
  if (whole && (steps === undefined || steps.every((step) => step === 1))) return x;
  return node(sliceOp, [x], { starts, ends, steps: steps ?? starts.map(() => 1) });
}
