import { isNode } from '../graph/leaves.ts';
import { sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { addOp } from '../ops/add.ts';
import { affineOp } from '../ops/affine.ts';
import { blockedAffine, blockedAffineOp, canBlockAffine } from '../ops/blocked-affine.ts';
import { blockedConv, canBlock } from '../ops/blocked-conv.ts';
import { blockedFilterGradient, canBlockFilterGradient } from '../ops/blocked-filter-gradient.ts';
import { convOp } from '../ops/conv.ts';
import { convFilterGradientOp } from '../ops/conv-filter-gradient.ts';
import { canTile, tiledConv, tiledFilterGradient, tilingPays } from '../ops/tiled-conv.ts';
import type { Outcome, Rule } from './rules.ts';
import { sharedByRows } from './rules-products.ts';

/** For processors whose kernels take channels in blocks of this many. */
export function blockedRule(block: number): Rule {
  return {
    name: 'convolutions, their filter gradients and a·x + b = the same in blocks or tiles; products by rows',
    apply: (value) =>
      forward(value, block) ??
      filterGradient(value, block) ??
      affine(value, block) ??
      affineSum(value) ??
      sharedByRows(value),
  };
}

const refused = { refused: 'neither depthwise in whole blocks, nor a dense 3×3 that is faster in tiles' };

function forward(value: Value, block: number): Outcome {
  const [x, w] = value.inputs;
  if (!isNode(value, convOp) || !x || !w) return undefined;
  const { attributes } = value;
  if (canBlock(w.shape, attributes, block)) return blockedConv(x, w, { ...attributes, block });
  const tiles = canTile(w.shape, attributes) && tilingPays(w.shape, value.shape);
  return tiles ? tiledConv(x, w, attributes) : refused;
}

function filterGradient(value: Value, block: number): Outcome {
  const [x, dy] = value.inputs;
  if (!isNode(value, convFilterGradientOp) || !x || !dy) return undefined;
  const { attributes } = value;
  if (canBlockFilterGradient(x.shape, dy.shape, attributes, block))
    return blockedFilterGradient(x, dy, { ...attributes, block });
  const tiles = canTile(value.shape, attributes) && tilingPays(value.shape, dy.shape);
  return tiles ? tiledFilterGradient(x, dy, value.shape, attributes) : refused;
}

/** a·x + b */
function affine(value: Value, block: number): Outcome {
  const [x, a, b] = value.inputs;
  if (!isNode(value, affineOp) || !x || !a || !b) return undefined;
  if (!canBlockAffine(x.shape, block)) return { refused: 'pixels are left over' };
  return blockedAffine(x, a, b, block);
}

/** y + (a·x + b): the second is what a residual unit or a normalisation's derivative adds, and has no other use. */
function affineSum(value: Value): Outcome {
  const [y, inner] = value.inputs;
  const [x, a, b, more] = inner?.inputs ?? [];
  if (!isNode(value, addOp) || !y || !inner || !isNode(inner, blockedAffineOp) || !x || !a || !b)
    return undefined;
  if (more) return { refused: 'something is added already' };
  if (!sameShape(y.shape, value.shape)) return { refused: 'what is added is smaller' };
  return blockedAffine(x, a, b, inner.attributes.block, y);
}
