import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Activation, activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { block } from '../layers/block.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { add } from '../ops/add.ts';
import type { Backbone } from './backbone.ts';
import { activationOption, mobileStemOption, outputOption } from './options.ts';

interface Unit {
  readonly out: number;
  readonly stride: number;
  readonly activation: Activation;
}

/**
 * 3×3, 1×1 and, where it fits, the value itself, each normalised by itself, in one sum. An export makes one 3×3 of them
 * (compile/fold-parallel.ts).
 */
function unit(net: Net, name: string, x: Value, { out, stride, activation }: Unit): Value {
  const dense = block(net, `${name}.dense`, x, { out, kernel: 3, stride, padding: 1 });
  const y = add(dense, block(net, `${name}.point`, x, { out, kernel: 1, stride }));
  const fits = stride === 1 && side(x.shape, 1) === out;
  return activate(net, `${name}.prelu`, fits ? add(y, batchNorm(net, `${name}.same.bn`, x)) : y, activation);
}

interface Variant {
  readonly name: string;
  readonly units: readonly [number, number, number, number];
  readonly widths: readonly [number, number, number, number];
}

/**
 * RepVGG (Ding et al. 2021): in training three branches a unit, in use plain 3×3 convolutions. For 112 px the stem's
 * stride is 1, so that the map is 7×7: A0 39,944,704 parameters, B0 46,653,696, B1 106,751,872.
 */
function repvgg({ name, units, widths }: Variant): Backbone {
  const trunk: Backbone['trunk'] = (net, pictures, { stem, activation = 'relu' }) => {
    const first = { out: Math.min(64, widths[0]), stride: stem === 'paper' ? 2 : 1, activation };
    let x = unit(net, 'stem', pictures, first);
    units.forEach((repeats, stage) => {
      const out = widths[stage] ?? 0;
      for (let i = 0; i < repeats; i++)
        x = unit(net, `stage${stage + 1}.${i}`, x, { out, stride: i === 0 ? 2 : 1, activation });
    });
    return x;
  };
  return {
    name: `repvgg-${name.toLowerCase()}`,
    title: `RepVGG-${name}`,
    family: 'RepVGG',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0, output: 'e', stem: 'fine', activation: 'relu' },
    options: [outputOption, mobileStemOption, activationOption],
    trunk,
    build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
  };
}

export const repvggA0 = repvgg({ name: 'A0', units: [2, 4, 14, 1], widths: [48, 96, 192, 1280] });
export const repvggB0 = repvgg({ name: 'B0', units: [4, 6, 16, 1], widths: [64, 128, 256, 1280] });
export const repvggB1 = repvgg({ name: 'B1', units: [4, 6, 16, 1], widths: [128, 256, 512, 2048] });
