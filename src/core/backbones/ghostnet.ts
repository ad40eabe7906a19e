import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Activation } from '../layers/activation.ts';
import { block, depthwise } from '../layers/block.ts';
import { dropout } from '../layers/dropout.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { type OutputOptions, outputLayer } from '../layers/output.ts';
import { globalMean } from '../layers/pool.ts';
import { squeezeExcite } from '../layers/squeeze-excite.ts';
import { add } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import { relu } from '../ops/relu.ts';
import type { Backbone } from './backbone.ts';
import { roundWidth } from './inverted-bottleneck.ts';
import { mobileStemOption, outputOption } from './options.ts';

/** Kernel, channels in the middle, channels out, whether squeezed and excited, stride (table 1 of the paper). */
const units = [
  [3, 16, 16, false, 1],
  [3, 48, 24, false, 2],
  [3, 72, 24, false, 1],
  [5, 72, 40, true, 2],
  [5, 120, 40, true, 1],
  [3, 240, 80, false, 2],
  [3, 200, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 480, 112, true, 1],
  [3, 672, 112, true, 1],
  [5, 672, 160, true, 2],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
] as const;

/** Half of the channels by 1×1, the others, "ghosts", from those by a 3×3 for each; `out` is even. */
function ghost(net: Net, name: string, x: Value, out: number, activation?: Activation): Value {
  const active = activation ? { activation } : {};
  const own = block(net, `${name}.own`, x, { out: out / 2, kernel: 1, ...active });
  return concat([own, block(net, `${name}.ghost`, own, { ...depthwise(out / 2), ...active })], 1);
}

function bottleneck(net: Net, name: string, x: Value, unit: (typeof units)[number]): Value {
  const [kernel, middle, out, excited, stride] = unit;
  const channels = side(x.shape, 1);
  let y = ghost(net, `${name}.expand`, x, middle, 'relu');
  if (stride > 1) y = block(net, `${name}.depthwise`, y, depthwise(middle, kernel, stride));
  const excite = { middle: roundWidth(middle / 4, 4), bias: true, gate: 'hard-sigmoid' } as const;
  if (excited) y = squeezeExcite(net, `${name}.se`, y, excite);
  y = ghost(net, `${name}.project`, y, out);
  if (stride === 1 && channels === out) return add(x, y);
  const across = block(net, `${name}.shortcut.depthwise`, x, depthwise(channels, kernel, stride));
  return add(block(net, `${name}.shortcut.pointwise`, across, { out, kernel: 1 }), y);
}

const trunk: Backbone['trunk'] = (net, pictures, { stem }) => {
  const first = { out: 16, kernel: 3, stride: stem === 'paper' ? 2 : 1, padding: 1 };
  let x = block(net, 'stem', pictures, { ...first, activation: 'relu' });
  units.forEach((unit, i) => {
    x = bottleneck(net, `unit${i + 1}`, x, unit);
  });
  return block(net, 'last', x, { out: 960, kernel: 1, activation: 'relu' });
};

/** The mean of every channel, a wide layer, drop out, a matrix. */
function own(net: Net, map: Value, { embedding, dropout: rate }: OutputOptions): Value {
  const x = relu(linear(net, 'head.wide', globalMean(map), { out: 1280 }));
  return linear(net, 'head.linear', dropout(net, 'head.dropout', x, rate), { out: embedding });
}

/**
 * GhostNet of width 1 (Han et al. 2020) as FaceX-Zoo uses it, but that lengths of embeddings are left to the head. The
 * stem's stride is 1, so that 112 px become 960×7×7; 26,759,364 parameters, 2,671,428 of them in the trunk.
 */
export const ghostnet: Backbone = {
  name: 'ghostnet',
  title: 'GhostNet',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0.2, output: 'e', stem: 'fine' },
  options: [outputOption, mobileStemOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings, own),
};
