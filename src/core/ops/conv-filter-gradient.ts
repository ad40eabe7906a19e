import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { conv } from './conv.ts';
import { convAdjoint } from './conv-adjoint.ts';
import { type ConvAttributes, convShape } from './conv-shape.ts';
import { two } from './elementwise.ts';
import { bestWay } from './filter-gradient-ways.ts';

/** As of the convolution, and the shape of its filters. */
export type ConvFilterGradientAttributes = ConvAttributes & { readonly filters: Shape };

/**
 * The derivative of a convolution by its filters, from x [n, in, h, w] and dy [n, out, oh, ow] to `filters`:
 *   dw[o, i, p, q] = Σ dy[n, o, r, c] · x[n, i, r·stride + p·dilation − padding, …].
 */
export const convFilterGradientOp: Operator<ConvFilterGradientAttributes> = {
  name: 'convFilterGradient',
  shape(inputs, attributes) {
    const [x, dy] = operands('convFilterGradient', inputs, 2).map((value) => value.shape);
    const wanted = convShape(x ?? [], attributes.filters, attributes);
    assert(sameShape(wanted, dy ?? []), `filters of [${attributes.filters}] give [${wanted}], not [${dy}]`);
    return attributes.filters;
  },
  gradient(node, ddw) {
    const [x, dy] = two(node);
    const { filters: _, ...attributes } = node.attributes;
    // linear in both: by x it is the convolution's adjoint, by dy the convolution, with ddw as filters
    return [convAdjoint(dy, ddw, x.shape, attributes), conv(x, ddw, attributes)];
  },
  form: {
    kind: 'composed',
    lower(node) {
      const [x, dy] = two(node);
      return bestWay(x, dy, node.attributes.filters, node.attributes);
    },
  },
};

export function convFilterGradient(x: Value, dy: Value, filters: Shape, attributes: ConvAttributes): Value {
  const { stride, padding, dilation, groups } = attributes;
  return node(convFilterGradientOp, [x, dy], { stride, padding, dilation, groups, filters });
}
