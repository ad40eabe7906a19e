import { side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { conv } from './conv.ts';
import { convAdjoint } from './conv-adjoint.ts';
import type { ConvAttributes } from './conv-shape.ts';
import { coversPicture, wholeInputGradient } from './depthwise-gradient.ts';
import { flip } from './flip.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';

/**
 * The derivative of a convolution by its input. With stride 1 it is a convolution with the mirrored filters, which
 * onnxruntime runs 1.6 times as fast as ConvTranspose when dense, and four times when depthwise.
 */
export function convInputGradient(dy: Value, w: Value, input: Shape, attributes: ConvAttributes): Value {
  if (coversPicture(input, w.shape, attributes)) return wholeInputGradient(dy, w);
  const { stride, padding, dilation, groups } = attributes;
  const reach = [dilation[0] * (side(w.shape, 2) - 1), dilation[1] * (side(w.shape, 3) - 1)] as const;
  const [top, left, bottom, right] = padding;
  const mirrored = [reach[0] - top, reach[1] - left, reach[0] - bottom, reach[1] - right] as const;
  if (stride.some((step) => step > 1) || mirrored.some((n) => n < 0))
    return convAdjoint(dy, w, input, attributes);
  return conv(dy, mirroredFilters(w, groups), { padding: mirrored, dilation, groups });
}

/** [out, in/groups, kh, kw] → [in, out/groups, kh, kw], turned by 180°. */
function mirroredFilters(w: Value, groups: number): Value {
  const [out, within, kh, kw] = [side(w.shape, 0), side(w.shape, 1), side(w.shape, 2), side(w.shape, 3)];
  const turned = flip(w, [2, 3]);
  if (groups === 1) return transpose(turned, [1, 0, 2, 3]);
  const split = reshape(turned, [groups, out / groups, within, kh, kw]);
  const swapped = within === 1 && out === groups ? split : transpose(split, [0, 2, 1, 3, 4]);
  return reshape(swapped, [groups * within, out / groups, kh, kw]);
}
