import { isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { blockedConv, canBlock } from '../ops/blocked-conv.ts';
import { blockedFilterGradient, canBlockFilterGradient } from '../ops/blocked-filter-gradient.ts';
import { convOp } from '../ops/conv.ts';
import { convFilterGradientOp } from '../ops/conv-filter-gradient.ts';
import { canTile, tiledConv, tiledFilterGradient, tilingPays } from '../ops/tiled-conv.ts';
import type { Outcome, Rule } from './rules.ts';

/** For processors whose kernels take channels in blocks of this many. */
export function blockedRule(block: number): Rule {
  return {
    name: 'a convolution, or its filter gradient = the same with channels in blocks if depthwise, in tiles if dense',
    apply: (value) => forward(value, block) ?? filterGradient(value, block),
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
