import { node } from '../graph/builder.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { convFilterGradient } from './conv-filter-gradient.ts';
import { convInputGradient } from './conv-input-gradient.ts';
import { type ConvAttributes, type ConvOptions, convAttributes, convOnnx, convShape } from './conv-shape.ts';
import { two } from './elementwise.ts';

/** Cross-correlation of x [n, in, h, w] with filters [out, in/groups, kh, kw]; no bias. */
export const convOp: Operator<ConvAttributes> = {
  name: 'conv',
  shape(inputs, attributes) {
    const [x, w] = operands('conv', inputs, 2);
    return convShape(x?.shape ?? [], w?.shape ?? [], attributes);
  },
  gradient(node, dy) {
    const [x, w] = two(node);
    return [
      convInputGradient(dy, w, x.shape, node.attributes),
      convFilterGradient(x, dy, w.shape, node.attributes),
    ];
  },
  form: {
    kind: 'primitive',
    emit: (node, onnx) =>
      onnx.node('Conv', [onnx.input(0), onnx.input(1)], convOnnx(node.attributes, two(node)[1].shape)),
  },
};

export function conv(x: Value, filters: Value, options: ConvOptions = {}): Value {
  return node(convOp, [x, filters], convAttributes(options));
}
