import { node } from '../graph/builder.ts';
import type { Operator, Value } from '../graph/value.ts';
import { float, int } from '../onnx/build.ts';
import { codeOfType } from '../onnx/element-types.ts';
import { unary } from './elementwise.ts';

/**
 * 1 where x > 0, else 0; its derivative is taken as 0. HardSigmoid with an enormous slope is ten times faster in
 * onnxruntime than Greater and Cast, and differs only for positive x below 3e-39, which are rounded to 0 anyway.
 */
export const stepOp: Operator = {
  name: 'step',
  shape: unary('step'),
  gradient: () => [null],
  form: {
    kind: 'primitive',
    emit({ type }, onnx) {
      const x = onnx.input(0);
      if (type === 'float32') return onnx.node('HardSigmoid', [x], { alpha: float(3e38), beta: float(0) });
      // half precision has no such slope, and infinity times 0 is no number
      const above = onnx.node('Greater', [x, onnx.floats([0], [])]);
      return onnx.node('Cast', [above], { to: int(codeOfType(type)) });
    },
  },
};

export function step(x: Value): Value {
  return node(stepOp, [x], {});
}
