import type { Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { block } from '../layers/block.ts';
import { dropout } from '../layers/dropout.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { type OutputOptions, outputLayer } from '../layers/output.ts';
import { flatten } from '../layers/shape.ts';
import type { Backbone } from './backbone.ts';
import { invertedBottleneck } from './inverted-bottleneck.ts';
import { mobileStemOption, outputOption } from './options.ts';

/** What the search found: channels in the middle, channels of the squeeze (0: none), channels out, kernel, stride. */
type Unit = readonly [number, number, number, number, number];

const stages: readonly { readonly activation: 'relu' | 'silu'; readonly units: readonly Unit[] }[] = [
  {
    activation: 'relu',
    units: [
      [32, 8, 16, 3, 1],
      [83, 32, 24, 3, 2],
      [128, 0, 24, 5, 1],
    ],
  },
  {
    activation: 'silu',
    units: [
      [138, 48, 40, 3, 2],
      [297, 0, 40, 3, 1],
      [170, 80, 40, 5, 1],
      [248, 80, 80, 5, 2],
      [500, 0, 80, 3, 1],
      [424, 0, 80, 3, 1],
      [477, 0, 80, 3, 1],
      [504, 160, 112, 3, 1],
      [796, 0, 112, 3, 1],
      [723, 224, 112, 3, 1],
      [555, 224, 112, 3, 1],
      [813, 0, 192, 3, 2],
      [1370, 0, 192, 3, 1],
      [1138, 384, 192, 3, 1],
      [1359, 384, 192, 3, 1],
      [1203, 384, 320, 5, 1],
    ],
  },
];

const trunk: Backbone['trunk'] = (net, pictures, { stem }) => {
  const first = { out: 32, kernel: 3, stride: stem === 'paper' ? 2 : 1, padding: 1 };
  let x = block(net, 'stem', pictures, { ...first, activation: 'relu' });
  const all = stages.flatMap(({ activation, units }) => units.map((unit) => ({ activation, unit })));
  all.forEach(({ activation, unit: [middle, squeeze, out, kernel, stride] }, i) => {
    const excite = squeeze > 0 ? { middle: squeeze, bias: true, activation } : undefined;
    x = invertedBottleneck(net, `unit${i + 1}`, x, { out, middle, kernel, stride, activation, excite });
  });
  return block(net, 'last', x, { out: 1280, kernel: 1 });
};

/** Like "E", but the map is not normalised again: it is already. */
function own(net: Net, map: Value, { embedding, dropout: rate }: OutputOptions): Value {
  const x = dropout(net, 'head.dropout', flatten(map), rate);
  return batchNorm(net, 'head.bn', linear(net, 'head.linear', x, { out: embedding }));
}

/**
 * TF-NAS-A (Hu et al. 2020) as FaceX-Zoo uses it: the stem's stride is 1, so that 112 px become 1280×7×7; 39,590,703
 * parameters, 7,476,527 of them in the trunk.
 */
export const tfNasA: Backbone = {
  name: 'tf-nas-a',
  title: 'TF-NAS-A',
  input: 112,
  multipleOf: 16,
  defaults: { embedding: 512, dropout: 0.2, output: 'own', stem: 'fine' },
  options: [outputOption, mobileStemOption],
  trunk,
  build: (net, x, settings) => outputLayer(net, trunk(net, x, settings), settings, own),
};
