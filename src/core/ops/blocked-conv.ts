import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { count, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { int, ints } from '../onnx/build.ts';
import { convFilterGradient } from './conv-filter-gradient.ts';
import { convInputGradient } from './conv-input-gradient.ts';
import { type ConvAttributes, convOnnx, convShape, isDepthwise } from './conv-shape.ts';
import { two } from './elementwise.ts';

/** `block` channels lie side by side in memory: what the processor's vectors hold, 8 or 16. */
export type BlockedConvAttributes = ConvAttributes & { readonly block: number };

/** The operator set in which onnxruntime keeps its kernels for channels in blocks. */
export const blockedDomain = 'com.microsoft.nchwc';

export function canBlock(w: Shape, attributes: ConvAttributes, block: number): boolean {
  return isDepthwise(w, attributes) && side(w, 0) % block === 0;
}

/**
 * A depthwise convolution by onnxruntime's kernels for blocked channels, two to three times as fast as `Conv` with the
 * way there and back. onnxruntime itself uses them for constant filters only; here the filters are put in order at run
 * time. Which blocks a processor has is for the engine to find out.
 */
export const blockedConvOp: Operator<BlockedConvAttributes> = {
  name: 'blockedConv',
  shape(inputs, attributes) {
    const [x, w] = operands('blockedConv', inputs, 2).map((value) => value.shape);
    assert(
      x && w && canBlock(w, attributes, attributes.block),
      `[${w}] is depthwise in blocks of ${attributes.block}`,
    );
    return convShape(x, w, attributes);
  },
  gradient(node, dy) {
    const [x, w] = two(node);
    const { block: _, ...attributes } = node.attributes;
    return [convInputGradient(dy, w, x.shape, attributes), convFilterGradient(x, dy, w.shape, attributes)];
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const w = two(node)[1].shape;
      const { block } = node.attributes;
      const channels = side(w, 0);
      // [channels, 1, kh, kw] → [channels/block, taps, block], under the shape that it had
      const split = onnx.node('Reshape', [
        onnx.input(1),
        onnx.ints([channels / block, block, count(w.slice(2))]),
      ]);
      const turned = onnx.node('Transpose', [split], { perm: ints([0, 2, 1]) });
      const filters = onnx.node('Reshape', [turned, onnx.ints(w)]);
      const x = onnx.node('ReorderInput', [onnx.input(0)], {}, blockedDomain);
      const y = onnx.node('Conv', [x, filters], convOnnx(node.attributes, w), blockedDomain);
      return onnx.node('ReorderOutput', [y], { channels: int(channels) }, blockedDomain);
    },
  },
};

export function blockedConv(x: Value, filters: Value, attributes: BlockedConvAttributes): Value {
  return node(blockedConvOp, [x, filters], attributes);
}
