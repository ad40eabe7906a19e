import { assert, defined } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { sameShape, side, withSide } from '../graph/shape.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { slice } from './slice.ts';

export type ConcatAttributes = { readonly axis: number };

export const concatOp: Operator<ConcatAttributes> = {
  name: 'concat',
  shape(inputs, { axis }) {
    const first = defined(inputs[0], 'something to concatenate').shape;
    for (const { shape } of inputs)
      assert(
        sameShape(withSide(shape, axis, 0), withSide(first, axis, 0)),
        () => `[${shape}] beside [${first}]`,
      );
    return withSide(
      first,
      axis,
      inputs.reduce((sum, { shape }) => sum + side(shape, axis), 0),
    );
  },
  gradient({ inputs, attributes: { axis } }, dy) {
    let begin = 0;
    return inputs.map(({ shape }) => {
      const starts = shape.map((_, i) => (i === axis ? begin : 0));
      begin += side(shape, axis);
      return slice(dy, starts, withSide(dy.shape, axis, begin));
    });
  },
  form: {
    kind: 'primitive',
    emit: ({ inputs, attributes }, onnx) =>
      onnx.node(
        'Concat',
        inputs.map((_, i) => onnx.input(i)),
        { axis: int(attributes.axis) },
      ),
  },
};

export function concat(values: readonly Value[], axis: number): Value {
  const [only] = values;
  return values.length === 1 && only ? only : node(concatOp, values, { axis });
}
