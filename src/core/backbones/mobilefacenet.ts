import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Activation } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { block, depthwise } from '../layers/block.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { flatten } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import type { Backbone } from './backbone.ts';
import { activationOption, outputOption } from './options.ts';

interface Shape {
  readonly out: number;
  readonly middle: number;
  readonly stride: number;
  readonly activation: Activation;
}

/** 1×1 to `middle` channels, depthwise 3×3, 1×1 to `out` without an activation (Sandler et al. 2018). */
function bottleneck(net: Net, name: string, x: Value, { out, middle, stride, activation }: Shape): Value {
  const wide = block(net, `${name}.expand`, x, { out: middle, kernel: 1, activation });
  const mixed = block(net, `${name}.depthwise`, wide, { ...depthwise(middle, 3, stride), activation });
  return block(net, `${name}.project`, mixed, { out, kernel: 1 });
}

/** The stages: channels out, channels in the middle, then so many more of stride 1 with a shortcut. */
const stages = [
  { out: 64, middle: 128, repeats: 4 },
  { out: 128, middle: 256, repeats: 6 },
  { out: 128, middle: 512, repeats: 2 },
] as const;
/** The repeated units' width in each stage. */
const repeated = [128, 256, 256] as const;

const trunk: Backbone['trunk'] = (net, pictures, { activation = 'prelu' }) => {
  const wide = { out: 64, kernel: 3, stride: 2, padding: 1, activation };
  let x = block(net, 'stem', pictures, wide);
  x = block(net, 'stem-depthwise', x, { ...depthwise(64), activation });
  stages.forEach(({ out, middle, repeats }, stage) => {
    x = bottleneck(net, `stage${stage + 1}.down`, x, { out, middle, stride: 2, activation });
    const same = { out, middle: repeated[stage] ?? middle, stride: 1, activation };
    for (let i = 0; i < repeats; i++) x = add(x, bottleneck(net, `stage${stage + 1}.${i}`, x, same));
  });
  return block(net, 'head.expand', x, { out: 512, kernel: 1, activation });
};

/** What is left of the picture, 7×7 at 112 px, in one depthwise filter: a weighted mean per channel; and a matrix. */
function ownOutput(net: Net, map: Value, { embedding }: { readonly embedding: number }): Value {
  const whole = [side(map.shape, 2), side(map.shape, 3)] as const;
  const x = block(net, 'head.pool', map, { out: 512, kernel: whole, groups: 512 });
  return batchNorm(net, 'head.bn', linear(net, 'head.linear', flatten(x), { out: embedding, bias: false }));
}

/** MobileFaceNet (Chen et al. 2018) as both papers use it: 1,200,512 parameters at 112 px and 512 dimensions. */
export const mobilefacenet: Backbone = {
  name: 'mobilefacenet',
  title: 'MobileFaceNet',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0, output: 'own', activation: 'prelu' },
  options: [outputOption, activationOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings, ownOutput),
};
