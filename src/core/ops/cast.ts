import { node } from '../graph/builder.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { codeOfType } from '../onnx/element-types.ts';

export type CastAttributes = { readonly to: 'float32' | 'float16' };

/** Whole numbers as float32; and the compiler's own way from one precision to another, after all derivatives. */
export const castOp: Operator<CastAttributes> = {
  name: 'cast',
  shape: (inputs) => operands('cast', inputs, 1)[0]?.shape ?? [],
  type: ({ to }) => to,
  gradient: () => [null],
  form: {
    kind: 'primitive',
    emit: ({ attributes: { to } }, onnx) => onnx.node('Cast', [onnx.input(0)], { to: int(codeOfType(to)) }),
  },
};

export function cast(x: Value, to: CastAttributes['to'] = 'float32'): Value {
  return node(castOp, [x], { to });
}
