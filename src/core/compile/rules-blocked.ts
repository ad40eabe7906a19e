import { isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { blockedConv, canBlock } from '../ops/blocked-conv.ts';
import { blockedFilterGradient, canBlockFilterGradient } from '../ops/blocked-filter-gradient.ts';
import { convOp } from '../ops/conv.ts';
import { convFilterGradientOp } from '../ops/conv-filter-gradient.ts';
import type { Outcome, Rule } from './rules.ts';

/** For processors whose kernels take channels in blocks of this many. */
export function blockedRule(block: number): Rule {
  return {
    name: 'a depthwise convolution, or its filter gradient = the same with channels in blocks',
    apply: (value) => forward(value, block) ?? filterGradient(value, block),
  };
}

function forward(value: Value, block: number): Outcome {
  const [x, w] = value.inputs;
  if (!isNode(value, convOp) || !x || !w) return undefined;
  if (!canBlock(w.shape, value.attributes, block))
    return { refused: 'not depthwise, or channels are left over' };
  return blockedConv(x, w, { ...value.attributes, block });
}

function filterGradient(value: Value, block: number): Outcome {
  const [x, dy] = value.inputs;
  if (!isNode(value, convFilterGradientOp) || !x || !dy) return undefined;
  if (!canBlockFilterGradient(x.shape, dy.shape, value.attributes, block))
    return { refused: 'not depthwise, or channels or pixels are left over' };
  return blockedFilterGradient(x, dy, { ...value.attributes, block });
}
