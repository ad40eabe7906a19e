import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Activation } from '../layers/activation.ts';
import { block, depthwise } from '../layers/block.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { maxPool2d } from '../layers/pool.ts';
import { channels, shuffleChannels } from '../layers/shape.ts';
import { concat } from '../ops/concat.ts';
import type { Backbone } from './backbone.ts';
import { activationOption, mobileStemOption, outputOption } from './options.ts';

const units = [4, 8, 4] as const;

interface Branch {
  readonly out: number;
  readonly stride: number;
  readonly activation: Activation;
}

/** 1×1, depthwise, 1×1. */
function branch(net: Net, name: string, x: Value, { out, stride, activation }: Branch): Value {
  let y = block(net, `${name}.first`, x, { out, kernel: 1, activation });
  y = block(net, `${name}.depthwise`, y, depthwise(out, 3, stride));
  return block(net, `${name}.last`, y, { out, kernel: 1, activation });
}

/** Half of the channels goes through the branch, the others stay; all are shuffled. */
function unit(net: Net, name: string, x: Value, out: number, activation: Activation): Value {
  const moved = branch(net, name, channels(x, out / 2, out), { out: out / 2, stride: 1, activation });
  return shuffleChannels(concat([channels(x, 0, out / 2), moved], 1), 2);
}

/** Halves the map: both halves of the channels come from all that comes in. */
function down(net: Net, name: string, x: Value, out: number, activation: Activation): Value {
  const half = { out: out / 2, stride: 2, activation };
  const kept = block(net, `${name}.kept.depthwise`, x, depthwise(side(x.shape, 1), 3, 2));
  const beside = block(net, `${name}.kept.last`, kept, { out: out / 2, kernel: 1, activation });
  return shuffleChannels(concat([beside, branch(net, name, x, half)], 1), 2);
}

/**
 * ShuffleNet V2 (Ma et al. 2018, table 5). For 112 px the stem's stride is 1, so that the map is 7×7; with widths ×0.5,
 * ×1, ×1.5, ×2: 26,035,488, 26,947,300, 28,172,320, 56,730,852 parameters, of which 341,792, 1,253,604, 2,478,624,
 * 5,344,996 in the trunk.
 */
function shufflenetV2(times: string, widths: readonly [number, number, number], last: number): Backbone {
  const trunk: Backbone['trunk'] = (net, pictures, { stem, activation = 'relu' }) => {
    const stride = stem === 'paper' ? 2 : 1;
    let x = block(net, 'stem', pictures, { out: 24, kernel: 3, stride, padding: 1, activation });
    x = maxPool2d(x, { kernel: 3, stride: 2, padding: 1 });
    widths.forEach((out, stage) => {
      const name = `stage${stage + 2}`;
      x = down(net, `${name}.0`, x, out, activation);
      for (let i = 1; i < (units[stage] ?? 0); i++) x = unit(net, `${name}.${i}`, x, out, activation);
    });
    return block(net, 'last', x, { out: last, kernel: 1, activation });
  };
  return {
    name: `shufflenet-v2-${times}`,
    title: `ShuffleNet V2 ×${times}`,
    family: 'ShuffleNet',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0.5, output: 'e', stem: 'fine', activation: 'relu' },
    options: [outputOption, mobileStemOption, activationOption],
    trunk,
    build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
  };
}

export const shufflenetV2Half = shufflenetV2('0.5', [48, 96, 192], 1024);
export const shufflenetV2Whole = shufflenetV2('1', [116, 232, 464], 1024);
export const shufflenetV2Wide = shufflenetV2('1.5', [176, 352, 704], 1024);
export const shufflenetV2Double = shufflenetV2('2', [244, 488, 976], 2048);
