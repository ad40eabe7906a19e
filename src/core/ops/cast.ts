import { node } from '../graph/builder.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { codeOfType } from '../onnx/element-types.ts';
import { plain } from './elementwise.ts';

/** Whole numbers as float32. */
export const castOp: Operator = {
  name: 'cast',
  shape: (inputs) => operands('cast', inputs, 1)[0]?.shape ?? [],
  gradient: () => [null],
  form: plain('Cast', { to: int(codeOfType('float32')) }),
};

export function cast(x: Value): Value {
  return node(castOp, [x], {});
}
