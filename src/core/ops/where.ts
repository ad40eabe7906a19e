import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { broadcast } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { at, plain } from './elementwise.ts';

/**
 * a where the answer is yes, b where it is no, element by element. Unlike a product with 0 and 1 it keeps what is not
 * taken out of the result, be it infinite or no number.
 */
export const whereOp: Operator = {
  name: 'where',
  shape(inputs) {
    const [answer] = operands('where', inputs, 3);
    assert(answer?.type === 'bool', 'where asks an answer');
    return inputs.reduce<Shape>((shape, value) => broadcast(shape, value.shape), []);
  },
  gradient(value, dy) {
    const answer = at(value, 0);
    return [null, where(answer, dy, scalar(0)), where(answer, scalar(0), dy)];
  },
  form: plain('Where'),
};

export function where(answer: Value, a: Value, b: Value): Value {
  return node(whereOp, [answer, a, b], {});
}
