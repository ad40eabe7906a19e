import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Activation, activate } from '../layers/activation.ts';
import { block, depthwise } from '../layers/block.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { maxPool2d } from '../layers/pool.ts';
import { shuffleChannels } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { averagePool } from '../ops/average-pool.ts';
import { concat } from '../ops/concat.ts';
import type { Backbone } from './backbone.ts';
import { activationOption, mobileStemOption, outputOption } from './options.ts';

const groups = 3;
/** Channels out (table 1 of the paper, three groups) and units of the stages. */
const stages = [
  [240, 4],
  [480, 8],
  [960, 4],
] as const;

interface Unit {
  readonly out: number;
  readonly stride: number;
  /** Of the first 1×1. */
  readonly groups: number;
  readonly activation: Activation;
}

/** 1×1 in groups, shuffled, depthwise, 1×1 in groups; beside it what comes in, or its mean where the map is halved. */
function unit(net: Net, name: string, x: Value, { out, stride, groups: first, activation }: Unit): Value {
  const middle = out / 4;
  const branch = stride === 1 ? out : out - side(x.shape, 1);
  let y = block(net, `${name}.narrow`, x, { out: middle, kernel: 1, groups: first, activation });
  y = block(net, `${name}.depthwise`, shuffleChannels(y, groups), depthwise(middle, 3, stride));
  y = block(net, `${name}.wide`, y, { out: branch, kernel: 1, groups });
  const sum = stride === 1 ? add(x, y) : concat([averagePool(x, { kernel: 3, stride, padding: 1 }), y], 1);
  return activate(net, `${name}.prelu`, sum, activation);
}

const trunk: Backbone['trunk'] = (net, pictures, { stem, activation = 'relu' }) => {
  const stride = stem === 'paper' ? 2 : 1;
  let x = block(net, 'stem', pictures, { out: 24, kernel: 3, stride, padding: 1, activation });
  x = maxPool2d(x, { kernel: 3, stride: 2, padding: 1 });
  stages.forEach(([out, units], stage) => {
    for (let i = 0; i < units; i++) {
      // the 24 channels of the stem are too few to be grouped
      const shape = { out, stride: i === 0 ? 2 : 1, groups: stage + i === 0 ? 1 : groups, activation };
      x = unit(net, `stage${stage + 2}.${i}`, x, shape);
    }
  });
  return x;
};

/**
 * ShuffleNet of width 1 with three groups (Zhang et al. 2018). For 112 px the stem's stride is 1, so that the map is
 * 960×7×7; 24,992,664 parameters, 904,728 of them in the trunk.
 */
export const shufflenetV1: Backbone = {
  name: 'shufflenet-v1',
  title: 'ShuffleNet V1',
  family: 'ShuffleNet',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0.5, output: 'e', stem: 'fine', activation: 'relu' },
  options: [outputOption, mobileStemOption, activationOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
};
