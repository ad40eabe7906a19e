import { block } from '../layers/block.ts';
import { outputLayer } from '../layers/output.ts';
import type { Backbone } from './backbone.ts';
import { invertedBottleneck, roundWidth, samePadding } from './inverted-bottleneck.ts';
import { activationOption, dropPathOption, mobileStemOption, outputOption } from './options.ts';

/** Stages of B0 (table 1 of the paper): by how much units widen, kernel, channels out, units, the first one's stride. */
const stages = [
  [1, 3, 16, 1, 1],
  [6, 3, 24, 2, 2],
  [6, 5, 40, 2, 2],
  [6, 3, 80, 3, 2],
  [6, 5, 112, 3, 1],
  [6, 5, 192, 4, 2],
  [6, 3, 320, 1, 1],
] as const;

interface Variant {
  readonly name: string;
  /** What multiplies channels. */
  readonly width: number;
  /** What multiplies the stages' units. */
  readonly depth: number;
  readonly dropout: number;
}

/**
 * EfficientNet (Tan and Le 2019) as FaceX-Zoo uses it: every unit squeezed and excited by a quarter of what comes into
 * it, the stem's stride 1, so that 112 px become 7×7, zeros put as TensorFlow does, units left out with a probability
 * that grows to 0.2. Normalisation is PyTorch's ordinary one (ε 1e-5, statistics by tenths), which short runs need.
 * Parameters, and of the trunk: B0 36,124,284 and 4,007,548; B1 38,629,920 and 6,513,184; B2 43,029,250 and 7,700,994;
 * B3 49,236,008 and 10,696,232; B4 62,511,432 and 17,548,616.
 */
function efficientnet({ name, width, depth, dropout }: Variant): Backbone {
  const wide = (channels: number): number => roundWidth(channels * width, 8);
  const all = stages.map(([times, kernel, out, units, stride]) => ({
    times,
    kernel,
    out: wide(out),
    units: Math.ceil(units * depth),
    stride,
  }));
  const total = all.reduce((sum, { units }) => sum + units, 0);
  const trunk: Backbone['trunk'] = (net, pictures, settings) => {
    const { stem, activation = 'silu', dropPath = 0.2 } = settings;
    const stride = stem === 'paper' ? 2 : 1;
    const padding = samePadding(pictures, 3, stride);
    let channels = wide(32);
    let x = block(net, 'stem', pictures, { out: channels, kernel: 3, stride, padding, activation });
    let before = 0;
    all.forEach(({ times, kernel, out, units, stride: first }, stage) => {
      for (let i = 0; i < units; i++) {
        const excite = { middle: Math.max(1, Math.floor(channels / 4)), bias: true, activation };
        const shape = { out, middle: channels * times, kernel, stride: i === 0 ? first : 1, same: true };
        const unit = { ...shape, activation, excite, dropPath: (dropPath * before) / total };
        x = invertedBottleneck(net, `stage${stage + 1}.${i}`, x, unit);
        channels = out;
        before += 1;
      }
    });
    return block(net, 'last', x, { out: 4 * channels, kernel: 1, activation });
  };
  const defaults = { embedding: 512, dropout, output: 'e', stem: 'fine' } as const;
  return {
    name: `efficientnet-${name.toLowerCase()}`,
    title: `EfficientNet-${name}`,
    family: 'EfficientNet',
    input: 112,
    multipleOf: 16,
    defaults: { ...defaults, activation: 'silu', dropPath: 0.2 },
    options: [outputOption, mobileStemOption, activationOption, dropPathOption],
    trunk,
    build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings),
  };
}

export const efficientnetB0 = efficientnet({ name: 'B0', width: 1, depth: 1, dropout: 0.2 });
export const efficientnetB1 = efficientnet({ name: 'B1', width: 1, depth: 1.1, dropout: 0.2 });
export const efficientnetB2 = efficientnet({ name: 'B2', width: 1.1, depth: 1.2, dropout: 0.3 });
export const efficientnetB3 = efficientnet({ name: 'B3', width: 1.2, depth: 1.4, dropout: 0.3 });
export const efficientnetB4 = efficientnet({ name: 'B4', width: 1.4, depth: 1.8, dropout: 0.4 });
