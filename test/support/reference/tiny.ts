import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import type { TrainingPlan } from '../../../src/core/compile/training.ts';
import { arcface } from '../../../src/core/heads/arcface.ts';
import { batchNorm } from '../../../src/core/layers/batch-norm.ts';
import { conv2d } from '../../../src/core/layers/conv2d.ts';
import { dropout } from '../../../src/core/layers/dropout.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import { preluLayer } from '../../../src/core/layers/prelu.ts';
import { flatten } from '../../../src/core/layers/shape.ts';
import type { Batch } from '../../../src/main/engine/trainer.ts';
import { formulaBatch } from './formula.ts';

/** Small, with every kind of layer. */
export const tiny: Backbone = {
  name: 'tiny',
  title: 'Tiny',
  input: 14,
  defaults: { embedding: 8, dropout: 0.3 },
  build(net, pictures, settings) {
    let x = conv2d(net, 'a', pictures, { out: 8, kernel: 3, stride: 2, padding: 1 });
    x = preluLayer(net, 'a', batchNorm(net, 'a', x));
    x = batchNorm(net, 'b', conv2d(net, 'b', x, { out: 8, kernel: 3, padding: 1, groups: 8 }));
    x = dropout(net, 'c', x, settings.dropout);
    return batchNorm(net, 'c', linear(net, 'c', flatten(x), { out: settings.embedding }));
  },
};

/** Its pictures know nothing of each other: without normalisation, and without dropout. */
export const tinyApart: Backbone = {
  name: 'tiny-apart',
  title: 'Tiny, without normalisation',
  input: 14,
  defaults: { embedding: 8, dropout: 0 },
  build(net, pictures, settings) {
    const x = conv2d(net, 'a', pictures, { out: 6, kernel: 3, stride: 2, padding: 1, bias: true });
    return linear(net, 'c', flatten(preluLayer(net, 'a', x)), { out: settings.embedding });
  },
};

export const tinySgd = {
  kind: 'sgd',
  momentum: 0.9,
  nesterov: true,
  weightDecay: 5e-4,
  clipNorm: 5,
} as const;

export const tinyPlan: TrainingPlan = {
  backbone: tiny,
  settings: tiny.defaults,
  size: 14,
  pixels: { mean: 127.5, deviation: 127.5, order: 'bgr' },
  head: arcface,
  headSettings: { scale: 16, margin: 0.2 },
  classes: 5,
  batch: 10,
  loss: { kind: 'cross-entropy', smoothing: 0 },
  optimizer: tinySgd,
  accumulation: 1,
};

/** The pictures of a step, the same for the same number. */
export function tinyBatch(step: number, pictures = tinyPlan.batch): Batch {
  return { ...formulaBatch(step, pictures, tinyPlan.size, tinyPlan.classes), rate: 0.05 };
}
