import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { sameShape, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { ints } from '../onnx/build.ts';
import { conv } from './conv.ts';
import { convFilterGradient } from './conv-filter-gradient.ts';
import { type ConvAttributes, convOnnx, convShape } from './conv-shape.ts';
import { two } from './elementwise.ts';

/** As of the convolution, and the shape of that convolution's input. */
export type ConvAdjointAttributes = ConvAttributes & { readonly input: Shape };

/**
 * The adjoint of a convolution in its input ("transposed convolution"): from dy [n, out, oh, ow] and the convolution's
 * filters [out, in/groups, kh, kw] to [n, in, h, w].
 */
export const convAdjointOp: Operator<ConvAdjointAttributes> = {
  name: 'convAdjoint',
  shape(inputs, attributes) {
    const [dy, w] = operands('convAdjoint', inputs, 2).map((value) => value.shape);
    const wanted = convShape(attributes.input, w ?? [], attributes);
    assert(
      sameShape(wanted, dy ?? []),
      `a convolution of [${attributes.input}] gives [${wanted}], not [${dy}]`,
    );
    return attributes.input;
  },
  gradient(node, ddx) {
    const [dy, w] = two(node);
    const { input: _, ...attributes } = node.attributes;
    // linear in both: by dy it is the convolution, by the filters that convolution's filter gradient
    return [conv(ddx, w, attributes), convFilterGradient(ddx, dy, w.shape, attributes)];
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const [dy, w] = two(node).map((value) => value.shape);
      const { input, stride, padding, dilation } = node.attributes;
      // what the convolution left over at the far edges
      const rest = ([0, 1] as const).map((i) => {
        const covered =
          (side(dy ?? [], 2 + i) - 1) * stride[i] + dilation[i] * (side(w ?? [], 2 + i) - 1) + 1;
        return side(input, 2 + i) + padding[i] + padding[i === 0 ? 2 : 3] - covered;
      });
      const attributes = { ...convOnnx(node.attributes, w ?? []), output_padding: ints(rest) };
      return onnx.node('ConvTranspose', [onnx.input(0), onnx.input(1)], attributes);
    },
  },
};

export function convAdjoint(dy: Value, filters: Value, input: Shape, attributes: ConvAttributes): Value {
  const { stride, padding, dilation, groups } = attributes;
  return node(convAdjointOp, [dy, filters], { stride, padding, dilation, groups, input });
}
