import { side, withSide } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { block, depthwise } from '../layers/block.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { add } from '../ops/add.ts';
import { pad } from '../ops/pad.ts';
import type { Backbone } from './backbone.ts';
import { mobileStemOption, outputOption } from './options.ts';

/** Channels out of the units: from 16 by 180 in sixteen equal steps, rounded. */
const widths = [16, 27, 38, 50, 61, 72, 84, 95, 106, 117, 128, 140, 151, 162, 174, 185] as const;
/** The units that halve the map. */
const halving: readonly number[] = [1, 3, 5, 11];

/** 1×1 with a swish to six times the channels, depthwise, ReLU6, 1×1; what came in is added to the channels that there are. */
function unit(net: Net, name: string, x: Value, out: number, stride: number, times: number): Value {
  const channels = side(x.shape, 1);
  let y = x;
  if (times > 1)
    y = block(net, `${name}.expand`, y, { out: channels * times, kernel: 1, activation: 'silu' });
  y = block(net, `${name}.depthwise`, y, { ...depthwise(channels * times, 3, stride), activation: 'relu6' });
  y = block(net, `${name}.project`, y, { out, kernel: 1 });
  if (stride > 1 || channels > out) return y;
  const none = x.shape.map(() => 0);
  return add(pad(x, none, withSide(none, 1, out - channels)), y);
}

const trunk: Backbone['trunk'] = (net, pictures, { stem }) => {
  const first = { out: 32, kernel: 3, stride: stem === 'paper' ? 2 : 1, padding: 1 };
  let x = block(net, 'stem', pictures, { ...first, activation: 'silu' });
  widths.forEach((out, i) => {
    x = unit(net, `unit${i + 1}`, x, out, halving.includes(i) ? 2 : 1, i === 0 ? 1 : 6);
  });
  return block(net, 'last', x, { out: 512, kernel: 1, activation: 'silu' });
};

/**
 * ReXNet of width 1 (Han et al. 2021) as FaceX-Zoo uses it: without squeeze-and-excitation, 512 channels in the end, and
 * the stem's stride 1, so that 112 px become 512×7×7; 15,197,128 parameters, 2,349,512 of them in the trunk.
 */
export const rexnet: Backbone = {
  name: 'rexnet',
  title: 'ReXNet',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0.2, output: 'e', stem: 'fine' },
  options: [outputOption, mobileStemOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
};
