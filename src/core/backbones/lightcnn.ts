import type { Value } from '../graph/value.ts';
import { conv2d } from '../layers/conv2d.ts';
import { dropout } from '../layers/dropout.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { type OutputOptions, outputLayer } from '../layers/output.ts';
import { maxPool2d } from '../layers/pool.ts';
import { flatten, maxFeatureMap } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { averagePool } from '../ops/average-pool.ts';
import type { Backbone } from './backbone.ts';
import { outputOption } from './options.ts';

/** A convolution with bias to twice the channels, and the larger of both halves. */
function mfm(net: Net, name: string, x: Value, out: number, kernel: number): Value {
  const padding = (kernel - 1) / 2;
  return maxFeatureMap(conv2d(net, name, x, { out: 2 * out, kernel, padding, bias: true }));
}

interface Group {
  /** Channels in, and of the residual units before it. */
  readonly width: number;
  readonly out: number;
  /** Residual units before it, of the deep variants. */
  readonly units: number;
  readonly halved: boolean;
}

const groups: readonly Group[] = [
  { width: 48, out: 96, units: 1, halved: true },
  { width: 96, out: 192, units: 2, halved: true },
  { width: 192, out: 128, units: 3, halved: false },
  { width: 128, out: 128, units: 4, halved: true },
];

interface Variant {
  readonly name: string;
  readonly deep: boolean;
  /** How maps are halved: by the largest of four, or by that and their mean together. */
  readonly pool: 'largest' | 'both';
}

/**
 * LightCNN (Wu et al. 2018) of colour pictures, as FaceX-Zoo has the last of them: 112 px become 128×7×7 by "E"; 9 layers
 * 4,503,904 parameters, 1,290,848 of them in the trunk, 29 layers, either way, 11,596,320 and 8,383,264.
 */
function lightcnn({ name, deep, pool }: Variant): Backbone {
  const halve = (x: Value): Value => {
    const largest = maxPool2d(x, { kernel: 2 });
    return pool === 'both' ? add(largest, averagePool(x, { kernel: 2 })) : largest;
  };
  const trunk: Backbone['trunk'] = (net, pictures) => {
    let x = halve(mfm(net, 'stem', pictures, 48, 5));
    groups.forEach(({ width, out, units, halved }, i) => {
      for (let j = 0; j < (deep ? units : 0); j++) {
        const unit = `stage${i + 1}.${j}`;
        x = add(x, mfm(net, `${unit}.conv2`, mfm(net, `${unit}.conv1`, x, width, 3), width, 3));
      }
      x = mfm(net, `group${i + 1}.wide`, mfm(net, `group${i + 1}.narrow`, x, width, 1), out, 3);
      if (halved) x = halve(x);
    });
    return x;
  };
  return {
    name: `lightcnn-${name}`,
    title: `LightCNN-${name}`,
    family: 'LightCNN',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0.2, output: 'e' },
    options: [outputOption],
    trunk,
    build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings, own),
  };
}

/** All of the map by one matrix, the larger of both halves, drop out. */
function own(net: Net, map: Value, { embedding, dropout: rate }: OutputOptions): Value {
  const x = maxFeatureMap(linear(net, 'head.linear', flatten(map), { out: 2 * embedding }));
  return dropout(net, 'head.dropout', x, rate);
}

export const lightcnn9 = lightcnn({ name: '9', deep: false, pool: 'largest' });
export const lightcnn29 = lightcnn({ name: '29', deep: true, pool: 'largest' });
export const lightcnn29v2 = lightcnn({ name: '29v2', deep: true, pool: 'both' });
