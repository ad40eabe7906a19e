import type { Value } from '../graph/value.ts';
import { block } from '../layers/block.ts';
import { dropout } from '../layers/dropout.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { type OutputOptions, outputLayer } from '../layers/output.ts';
import { globalMean } from '../layers/pool.ts';
import { hardSwish } from '../ops/hard-swish.ts';
import type { Backbone } from './backbone.ts';
import { invertedBottleneck, roundWidth } from './inverted-bottleneck.ts';
import { mobileStemOption, outputOption } from './options.ts';

/** Kernel, channels in the middle, channels out, whether squeezed and excited, whether of hard swish (or ReLU), stride. */
type Unit = readonly [number, number, number, boolean, boolean, 1 | 2];

const large: readonly Unit[] = [
  [3, 16, 16, false, false, 1],
  [3, 64, 24, false, false, 2],
  [3, 72, 24, false, false, 1],
  [5, 72, 40, true, false, 2],
  [5, 120, 40, true, false, 1],
  [5, 120, 40, true, false, 1],
  [3, 240, 80, false, true, 2],
  [3, 200, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 480, 112, true, true, 1],
  [3, 672, 112, true, true, 1],
  [5, 672, 160, true, true, 2],
  [5, 960, 160, true, true, 1],
  [5, 960, 160, true, true, 1],
];

const small: readonly Unit[] = [
  [3, 16, 16, true, false, 2],
  [3, 72, 24, false, false, 2],
  [3, 88, 24, false, false, 1],
  [5, 96, 40, true, true, 2],
  [5, 240, 40, true, true, 1],
  [5, 240, 40, true, true, 1],
  [5, 120, 48, true, true, 1],
  [5, 144, 48, true, true, 1],
  [5, 288, 96, true, true, 2],
  [5, 576, 96, true, true, 1],
  [5, 576, 96, true, true, 1],
];

interface Variant {
  readonly size: 'large' | 'small';
  readonly units: readonly Unit[];
  /** Channels of the map. */
  readonly last: number;
  /** Of the paper's own end: numbers before the last matrix. */
  readonly wide: number;
}

/**
 * MobileNet V3 (Howard et al. 2019, tables 1 and 2). For 112 px the stem's stride is 1, so that the map is 7×7:
 * large 27,059,888 parameters, 2,971,952 of them in the trunk; small 15,380,384 and 927,008.
 */
function mobilenetV3({ size, units, last, wide }: Variant): Backbone {
  const trunk: Backbone['trunk'] = (net, pictures, { stem }) => {
    const first = { out: 16, kernel: 3, stride: stem === 'paper' ? 2 : 1, padding: 1 };
    let x = block(net, 'stem', pictures, { ...first, activation: 'hard-swish' });
    units.forEach(([kernel, middle, out, excited, hard, stride], i) => {
      const activation = hard ? 'hard-swish' : 'relu';
      const excite = { middle: roundWidth(middle / 4, 8), bias: true, gate: 'hard-sigmoid' } as const;
      const unit = { out, middle, kernel, stride, activation, ...(excited ? { excite } : {}) } as const;
      x = invertedBottleneck(net, `unit${i + 1}`, x, unit);
    });
    return block(net, 'last', x, { out: last, kernel: 1, activation: 'hard-swish' });
  };
  /** The mean of every channel, a wide layer, drop out, a matrix. */
  const own = (net: Net, map: Value, { embedding, dropout: rate }: OutputOptions): Value => {
    const x = hardSwish(linear(net, 'head.wide', globalMean(map), { out: wide }));
    return linear(net, 'head.linear', dropout(net, 'head.dropout', x, rate), { out: embedding });
  };
  return {
    name: `mobilenet-v3-${size}`,
    title: `MobileNet V3 ${size}`,
    family: 'MobileNet',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0.5, output: 'e', stem: 'fine' },
    options: [outputOption, mobileStemOption],
    trunk,
    build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings, own),
  };
}

export const mobilenetV3Large = mobilenetV3({ size: 'large', units: large, last: 960, wide: 1280 });
export const mobilenetV3Small = mobilenetV3({ size: 'small', units: small, last: 576, wide: 1024 });
