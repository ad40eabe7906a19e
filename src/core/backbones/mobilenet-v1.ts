import { block, depthwise } from '../layers/block.ts';
import { outputLayer } from '../layers/output.ts';
import type { Backbone } from './backbone.ts';
import { activationOption, mobileStemOption, outputOption } from './options.ts';

/** Channels of the units after the stem; those of a new width halve the picture, but for the first. */
const widths = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024] as const;

const trunk: Backbone['trunk'] = (net, pictures, { stem, activation = 'relu' }) => {
  const stride = stem === 'paper' ? 2 : 1;
  let x = block(net, 'stem', pictures, { out: 32, kernel: 3, stride, padding: 1, activation });
  let channels = 32;
  widths.forEach((out, i) => {
    const step = i > 0 && out !== channels ? 2 : 1;
    x = block(net, `unit${i + 1}.depthwise`, x, { ...depthwise(channels, 3, step), activation });
    x = block(net, `unit${i + 1}.pointwise`, x, { out, kernel: 1, activation });
    channels = out;
  });
  return x;
};

/**
 * MobileNet of width 1 (Howard et al. 2017): depthwise 3×3 and 1×1 by turns. For 112 px the stem's stride is 1, so that
 * the map is 1024×7×7; 28,900,672 parameters, 3,206,976 of them in the trunk.
 */
export const mobilenetV1: Backbone = {
  name: 'mobilenet-v1',
  title: 'MobileNet V1',
  family: 'MobileNet',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0.5, output: 'e', stem: 'fine', activation: 'relu' },
  options: [outputOption, mobileStemOption, activationOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
};
