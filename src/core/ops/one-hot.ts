import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { codeOfType } from '../onnx/element-types.ts';

export type OneHotAttributes = {
  readonly classes: number;
  /** Whether every label is known to be one of the classes. */
  readonly within: boolean;
};

/** Labels [n] of int32 as rows [n, classes] with a single 1. A label outside has none. */
export const oneHotOp: Operator<OneHotAttributes> = {
  name: 'oneHot',
  shape(inputs, { classes }) {
    const [labels] = operands('oneHot', inputs, 1);
    assert(labels?.type === 'int32' && labels.shape.length === 1, 'labels are int32 [n]');
    return [...labels.shape, classes];
  },
  gradient: () => [null],
  form: {
    kind: 'primitive',
    emit({ attributes }, onnx) {
      const labels = onnx.node('Cast', [onnx.input(0)], { to: int(codeOfType('int64')) });
      return onnx.node('OneHot', [labels, onnx.ints([attributes.classes]), onnx.floats([0, 1], [2])]);
    },
  },
};

export function oneHot(labels: Value, classes: number, { within = false } = {}): Value {
  return node(oneHotOp, [labels], { classes, within });
}
