import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';

/** The operator set in which onnxruntime keeps its kernels for channels in blocks. */
export const blockedDomain = 'com.microsoft.nchwc';

/**
 * `block` channels lie side by side in memory: what the processor's vectors hold, 8 or 16. The numbers and the shape
 * [n, channels, h, w] stay, only their order in memory changes, so that what computes with blocks is asked for by name:
 * nothing else may take the result of `toBlocks`.
 */
export type BlockAttributes = { readonly block: number };

function shape(name: string): Operator<BlockAttributes>['shape'] {
  return (inputs, { block }): Shape => {
    const [x] = operands(name, inputs, 1);
    assert(x?.shape.length === 4 && side(x.shape, 1) % block === 0, `[${x?.shape}] in blocks of ${block}`);
    return x.shape;
  };
}

export const toBlocksOp: Operator<BlockAttributes> = {
  name: 'toBlocks',
  shape: shape('toBlocks'),
  gradient: (node, dy) => [fromBlocks(dy, node.attributes.block)],
  form: {
    kind: 'primitive',
    emit: (_, onnx) => onnx.node('ReorderInput', [onnx.input(0)], {}, blockedDomain),
  },
};

export const fromBlocksOp: Operator<BlockAttributes> = {
  name: 'fromBlocks',
  shape: shape('fromBlocks'),
  gradient: (node, dy) => [toBlocks(dy, node.attributes.block)],
  form: {
    kind: 'primitive',
    emit: (node, onnx) =>
      onnx.node('ReorderOutput', [onnx.input(0)], { channels: int(side(node.shape, 1)) }, blockedDomain),
  },
};

export function toBlocks(x: Value, block: number): Value {
  return node(toBlocksOp, [x], { block });
}

export function fromBlocks(x: Value, block: number): Value {
  return node(fromBlocksOp, [x], { block });
}
