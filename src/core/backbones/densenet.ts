import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Activation, activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { type Conv2dOptions, conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { meanPool2d } from '../layers/pool.ts';
import { concat } from '../ops/concat.ts';
import type { Backbone } from './backbone.ts';
import { activationOption, outputOption, stemOption } from './options.ts';
import { stem } from './stem.ts';

export interface DensenetDesign {
  readonly layers: number;
  /** Layers of each block. */
  readonly units: readonly [number, number, number, number];
  /** Channels that a layer adds, and those of the stem. */
  readonly growth: number;
  readonly first: number;
}

/** Normalisation, activation, convolution. */
function step(net: Net, name: string, x: Value, options: Conv2dOptions, activation: Activation): Value {
  const active = activate(net, `${name}.prelu`, batchNorm(net, `${name}.bn`, x), activation);
  return conv2d(net, `${name}.conv`, active, { ...options, initial: 'he' });
}

/** What was, beside `growth` new channels from all of it. */
function layer(net: Net, name: string, x: Value, growth: number, activation: Activation): Value {
  const narrow = step(net, `${name}.a`, x, { out: 4 * growth, kernel: 1 }, activation);
  return concat([x, step(net, `${name}.b`, narrow, { out: growth, kernel: 3, padding: 1 }, activation)], 1);
}

/**
 * DenseNet-BC (Huang et al. 2017). At 112 px the paper's stem leaves a map of 4×4 (an odd side's last pixel is a window of
 * its own when it is halved), the fine one 7×7.
 */
export function densenet({ layers, units, growth, first }: DensenetDesign): Backbone {
  const trunk: Backbone['trunk'] = (net, pictures, { stem: kind = 'paper', activation = 'relu' }) => {
    let x = stem(net, pictures, { kind, out: first, activation });
    units.forEach((repeats, block) => {
      for (let i = 0; i < repeats; i++) x = layer(net, `block${block + 1}.${i}`, x, growth, activation);
      if (block === units.length - 1) return;
      const halved = { out: Math.floor(side(x.shape, 1) / 2), kernel: 1 };
      x = step(net, `transition${block + 1}`, x, halved, activation);
      x = meanPool2d(x, { kernel: 2, ceil: true });
    });
    return activate(net, 'last.prelu', batchNorm(net, 'last.bn', x), activation);
  };
  return {
    name: `densenet-${layers}`,
    title: `DenseNet-${layers}`,
    family: 'DenseNet',
    input: 112,
    defaults: { embedding: 512, dropout: 0.5, output: 'e', stem: 'paper', activation: 'relu' },
    options: [outputOption, stemOption, activationOption],
    trunk,
    build: (net, pictures, settings) => outputLayer(net, trunk(net, pictures, settings), settings),
  };
}

/** 15.3, 44.6, 26.1 and 33.8 million parameters. */
export const densenets: readonly Backbone[] = [
  densenet({ layers: 121, units: [6, 12, 24, 16], growth: 32, first: 64 }),
  densenet({ layers: 161, units: [6, 12, 36, 24], growth: 48, first: 96 }),
  densenet({ layers: 169, units: [6, 12, 32, 32], growth: 32, first: 64 }),
  densenet({ layers: 201, units: [6, 12, 48, 32], growth: 32, first: 64 }),
];
