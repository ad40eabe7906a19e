import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { count, sameShape, side } from '../graph/shape.ts';
import type { Emitter, Operator, Shape, Value } from '../graph/value.ts';
import { int, ints } from '../onnx/build.ts';
import { scaleChannels, sumChannels, sumProducts } from './affine.ts';
import { type BlockAttributes, blockedDomain } from './blocks.ts';
import { at } from './elementwise.ts';

/** Whole blocks of neighbouring pixels in every plane. */
export function canBlockAffine(x: Shape, block: number): boolean {
  return x.length === 4 && count(x.slice(2)) % block === 0;
}

/**
 * a·x + b with one factor and one term a channel, plus a fourth input of x's shape where there is one: x [n, c, h, w], a
 * and b [c]. One pass over memory on all threads, by a depthwise 1×1 convolution of onnxruntime's kernels for blocked
 * channels, in which a block is not of channels but of `block` neighbouring pixels of one plane; so x stays as it lies.
 */
export const blockedAffineOp: Operator<BlockAttributes> = {
  name: 'blockedAffine',
  shape(inputs, { block }) {
    const [x, a, b, rest = x] = inputs.map((value) => value.shape);
    const channels = [x?.[1] ?? 0];
    assert(
      x && a && b && rest && inputs.length <= 4 && canBlockAffine(x, block),
      `[${x}] has pixels in blocks of ${block}`,
    );
    assert(
      sameShape(a, channels) && sameShape(b, channels) && sameShape(rest, x),
      `affine of [${x}] by [${a}], [${b}] and [${rest}]`,
    );
    return x;
  },
  gradient(node, dy) {
    const own = [scaleChannels(dy, at(node, 1)), sumProducts(dy, at(node, 0)), sumChannels(dy)];
    return node.inputs.length === 4 ? [...own, dy] : own;
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const { block } = node.attributes;
      const planes = side(node.shape, 0) * side(node.shape, 1);
      const lines = [1, planes * block, 1, count(node.shape.slice(2)) / block];
      const inputs = [
        onnx.node('Reshape', [onnx.input(0), onnx.ints(lines)]),
        repeated(onnx, 1, node, [planes * block, 1, 1, 1]),
        repeated(onnx, 2, node, [planes * block]),
        ...(node.inputs.length === 4 ? [onnx.node('Reshape', [onnx.input(3), onnx.ints(lines)])] : []),
      ];
      const attributes = { kernel_shape: ints([1, 1]), group: int(planes * block) };
      return onnx.node('Reshape', [
        onnx.node('Conv', inputs, attributes, blockedDomain),
        onnx.ints(node.shape),
      ]);
    },
  },
};

/** [c] → once for every lane of every plane's block. */
function repeated(onnx: Emitter, index: number, node: Value<BlockAttributes>, shape: Shape): string {
  const [n, c] = [side(node.shape, 0), side(node.shape, 1)];
  const column = onnx.node('Reshape', [onnx.input(index), onnx.ints([c, 1])]);
  const lanes = onnx.node('Expand', [column, onnx.ints([n, c, node.attributes.block])]);
  return onnx.node('Reshape', [lanes, onnx.ints(shape)]);
}

export function blockedAffine(x: Value, a: Value, b: Value, block: number, plus?: Value): Value {
  return node(blockedAffineOp, plus ? [x, a, b, plus] : [x, a, b], { block });
}
