import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { count, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { ints } from '../onnx/build.ts';
import { type BlockAttributes, blockedDomain, fromBlocks, toBlocks } from './blocks.ts';
import { convFilterGradient } from './conv-filter-gradient.ts';
import { convInputGradient } from './conv-input-gradient.ts';
import { type ConvAttributes, convOnnx, convShape, isDepthwise } from './conv-shape.ts';
import { two } from './elementwise.ts';

export type BlockedConvAttributes = ConvAttributes & BlockAttributes;

export function canBlock(w: Shape, attributes: ConvAttributes, block: number): boolean {
  return isDepthwise(w, attributes) && side(w, 0) % block === 0;
}

/**
 * A depthwise convolution by onnxruntime's kernels for blocked channels, from blocks to blocks: two to three times as fast
 * as `Conv` with the way there and back. onnxruntime itself uses them for constant filters only; here the filters, which
 * come as they are, are put in order at run time. Which blocks a processor has is for the engine to find out.
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
  gradient(node, blockedDy) {
    const [blockedX, w] = two(node);
    const { block, ...attributes } = node.attributes;
    const [x, dy] = [fromBlocks(blockedX, block), fromBlocks(blockedDy, block)];
    const dx = toBlocks(convInputGradient(dy, w, x.shape, attributes), block);
    return [dx, convFilterGradient(x, dy, w.shape, attributes)];
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const w = two(node)[1].shape;
      const { block } = node.attributes;
      // [channels, 1, kh, kw] → [channels/block, taps, block], under the shape that it had
      const split = onnx.node('Reshape', [
        onnx.input(1),
        onnx.ints([side(w, 0) / block, block, count(w.slice(2))]),
      ]);
      const turned = onnx.node('Transpose', [split], { perm: ints([0, 2, 1]) });
      const filters = onnx.node('Reshape', [turned, onnx.ints(w)]);
      return onnx.node('Conv', [onnx.input(0), filters], convOnnx(node.attributes, w), blockedDomain);
    },
  },
};

/** The same as `conv`, by way of blocks. */
export function blockedConv(x: Value, filters: Value, attributes: BlockedConvAttributes): Value {
  const { block } = attributes;
  return fromBlocks(node(blockedConvOp, [toBlocks(x, block), filters], attributes), block);
}
