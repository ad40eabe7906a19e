import { block } from '../layers/block.ts';
import { outputLayer } from '../layers/output.ts';
import type { Backbone } from './backbone.ts';
import { invertedBottleneck } from './inverted-bottleneck.ts';
import { activationOption, mobileStemOption, outputOption } from './options.ts';

/** Stages (table 2 of the paper): by how much units widen, channels out, units, the first one's stride. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const trunk: Backbone['trunk'] = (net, pictures, { stem, activation = 'relu6' }) => {
  const stride = stem === 'paper' ? 2 : 1;
  let x = block(net, 'stem', pictures, { out: 32, kernel: 3, stride, padding: 1, activation });
  let channels = 32;
  stages.forEach(([times, out, units, first], stage) => {
    for (let i = 0; i < units; i++) {
      const unit = { out, middle: channels * times, kernel: 3, stride: i === 0 ? first : 1, activation };
      x = invertedBottleneck(net, `stage${stage + 1}.${i}`, x, unit);
      channels = out;
    }
  });
  return block(net, 'last', x, { out: 1280, kernel: 1, activation });
};

/**
 * MobileNet V2 of width 1 (Sandler et al. 2018). For 112 px the stem's stride is 1, so that the map is 1280×7×7;
 * 34,340,608 parameters, 2,223,872 of them in the trunk.
 */
export const mobilenetV2: Backbone = {
  name: 'mobilenet-v2',
  title: 'MobileNet V2',
  family: 'MobileNet',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0.5, output: 'e', stem: 'fine', activation: 'relu6' },
  options: [outputOption, mobileStemOption, activationOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
};
