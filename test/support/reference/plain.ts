import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { batchNorm } from '../../../src/core/layers/batch-norm.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import { flatten } from '../../../src/core/layers/shape.ts';

/** The least network there is: a linear layer with normalisation. For tests of what comes after it. */
export const plain: Backbone = {
  name: 'plain',
  title: 'Plain',
  input: 14,
  defaults: { embedding: 16, dropout: 0 },
  build(net, pictures, settings) {
    return batchNorm(net, 'a', linear(net, 'a', flatten(pictures), { out: settings.embedding, bias: false }));
  },
};
