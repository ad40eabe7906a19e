import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import type { TrainingPlan } from '../../../src/core/compile/training.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { adacos } from '../../../src/core/heads/adacos.ts';
import { adaface } from '../../../src/core/heads/adaface.ts';
import { adamSoftmax } from '../../../src/core/heads/adam-softmax.ts';
import { arcface } from '../../../src/core/heads/arcface.ts';
import { cosface } from '../../../src/core/heads/cosface.ts';
import { curricularFace } from '../../../src/core/heads/curricularface.ts';
import { npcface } from '../../../src/core/heads/npcface.ts';
import { softmax } from '../../../src/core/heads/softmax.ts';
import { sphereface } from '../../../src/core/heads/sphereface.ts';
import { batchNorm } from '../../../src/core/layers/batch-norm.ts';
import { conv2d } from '../../../src/core/layers/conv2d.ts';
import { dropout } from '../../../src/core/layers/dropout.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import type { Net } from '../../../src/core/layers/net.ts';
import { preluLayer } from '../../../src/core/layers/prelu.ts';
import { flatten, subsample } from '../../../src/core/layers/shape.ts';
import { add } from '../../../src/core/ops/add.ts';
import { averagePool } from '../../../src/core/ops/average-pool.ts';
import { maxPool } from '../../../src/core/ops/max-pool.ts';
import { relu } from '../../../src/core/ops/relu.ts';
import { sigmoid } from '../../../src/core/ops/sigmoid.ts';
import { plain } from '../../support/reference/plain.ts';

/** Small networks that have every kind of layer between them, for engines to be compared on. */

const size = 14;

const backbone = (name: string, build: (net: Net, x: Value, zeros: number) => Value): Backbone => ({
  name,
  title: name,
  input: size,
  defaults: { embedding: 6, dropout: 0.4 },
  build: (net, pictures, { dropout: zeros }) => build(net, pictures, zeros),
});

/** Strided, depthwise and pointwise convolutions with normalisation and PReLU, a shortcut, dropout. */
const mobile = backbone('mobile', (net, pictures, zeros) => {
  let x = conv2d(net, 'a', pictures, { out: 6, kernel: 3, stride: 2, padding: 1 });
  x = preluLayer(net, 'a', batchNorm(net, 'a', x));
  const y = batchNorm(net, 'b', conv2d(net, 'b', x, { out: 6, kernel: 3, padding: 1, groups: 6 }));
  x = add(x, batchNorm(net, 'c', conv2d(net, 'c', preluLayer(net, 'b', y), { out: 6, kernel: 1 })));
  x = conv2d(net, 'd', x, { out: 6, kernel: 3, stride: 2, padding: [0, 1, 2, 1], groups: 6 });
  x = dropout(net, 'e', x, zeros);
  return batchNorm(net, 'e', linear(net, 'e', flatten(x), { out: 6, bias: false }));
});

/** Convolutions in groups, dilated and with a bias, by both poolings, and gates by sigmoids. */
const pooled = backbone('pooled', (net, pictures) => {
  let x = relu(conv2d(net, 'a', pictures, { out: 4, kernel: 3, padding: [1, 0, 0, 1], bias: true }));
  x = maxPool(x, { kernel: 3, stride: 2, padding: 1 });
  x = sigmoid(conv2d(net, 'b', x, { out: 6, kernel: [3, 2], padding: 1, groups: 2 }));
  x = averagePool(x, { kernel: 2, stride: 1, padding: 1 });
  x = conv2d(net, 'c', x, { out: 4, kernel: 3, dilation: 2, padding: 2 });
  return linear(net, 'd', flatten(x), { out: 6 });
});

/** As IR begins its units: normalisation first, a subsampled shortcut; and unlike it, a depthwise dilated filter. */
const residual = backbone('residual', (net, pictures) => {
  const x = conv2d(net, 'a', pictures, { out: 4, kernel: 3, stride: [2, 1], padding: 1 });
  let y = batchNorm(net, 'b', x);
  y = preluLayer(
    net,
    'c',
    conv2d(net, 'c', y, { out: 4, kernel: 3, padding: 2, dilation: [2, 2], groups: 4 }),
  );
  y = batchNorm(net, 'd', conv2d(net, 'd', y, { out: 4, kernel: 3, stride: 2, padding: 1 }));
  return linear(net, 'e', flatten(add(subsample(x, 2), y)), { out: 6 });
});

const common = {
  size,
  settings: { embedding: 6, dropout: 0.4 },
  pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
  classes: 5,
  batch: 6,
  accumulation: 1,
} as const;

/** One for every head, loss and optimizer. */
export const networks: readonly (TrainingPlan & { readonly title: string })[] = [
  {
    ...common,
    title: 'mobile, ArcFace, SGD with clipping',
    backbone: mobile,
    head: arcface,
    headSettings: { scale: 16, margin: 0.3 },
    loss: { kind: 'cross-entropy', smoothing: 0 },
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 2 },
  },
  {
    ...common,
    title: 'pooled, Softmax with smoothing, AdamW',
    backbone: pooled,
    head: softmax,
    headSettings: {},
    loss: { kind: 'cross-entropy', smoothing: 0.1 },
    optimizer: {
      kind: 'adamw',
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-4,
      weightDecay: 0.05,
      clipNorm: null,
    },
  },
  {
    ...common,
    title: 'residual, CosFace, focal, two batches a step',
    pixels: { mean: 127.5, deviation: 128, order: 'bgr' },
    accumulation: 2,
    backbone: residual,
    head: cosface,
    headSettings: { scale: 8, margin: 0.2 },
    loss: { kind: 'focal', gamma: 2, form: 'sample' },
    optimizer: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0, clipNorm: null },
  },
  {
    ...common,
    title: 'residual, Softmax, focal of the batch',
    backbone: residual,
    head: softmax,
    headSettings: {},
    loss: { kind: 'focal', gamma: 2, form: 'batch' },
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4, clipNorm: null },
  },
  ...[adacos, adaface, adamSoftmax, curricularFace, npcface, sphereface].map((head) => ({
    ...common,
    title: `plain, ${head.title}, two batches a step`,
    accumulation: 2,
    backbone: plain,
    head,
    headSettings: Object.values(head.presets)[0] ?? {},
    loss: { kind: 'cross-entropy', smoothing: 0 } as const,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4, clipNorm: 1 } as const,
  })),
];
