import { z } from 'zod';
import { backbones } from '../backbones/index.ts';
import { heads } from '../heads/index.ts';
import { importedName } from '../import-graph/imported-backbone.ts';
import { pluginName } from '../plugins/name.ts';
import { data } from './recipe-data.ts';
import { distillation } from './recipe-distillation.ts';
import { start } from './recipe-start.ts';
import { average, fineTune } from './recipe-tuning.ts';

/**
 * A recipe: all that decides how a network is trained, as one JSON document. Everything has a default but the dataset
 * version; descriptions are what the wizard shows. Defaults are face.evoLVe's for training where the papers differ, with the
 * rate for the smaller batch.
 */

const network = z.strictObject({
  backbone: z
    .union([
      z.enum(backbones.map(({ name }) => name)),
      z.string().regex(importedName, { abort: true }),
      z.string().regex(pluginName, { abort: true }),
    ])
    .default('mobilefacenet')
    .describe(
      'A network of Lineament’s, `onnx:` and the id of an embedding model to go on with, or `plugin:` and your own',
    ),
  embedding: z
    .int()
    .min(8)
    .max(4096)
    .default(512)
    .describe('How many numbers a face becomes; 512 in both papers'),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .nullable()
    .default(null)
    .describe(
      'Share of numbers left out at random before the embedding’s layer; without one, the backbone’s own',
    ),
  options: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('Settings of the backbone, over its own: stem, output, shortcut …'),
  size: z
    .int()
    .min(32)
    .max(512)
    .default(112)
    .describe('More pixels show more detail; time and memory grow with their square'),
  pixels: z
    .strictObject({
      mean: z.number().default(127.5).describe('Taken off every pixel'),
      deviation: z.number().positive().default(127.5).describe('Divides what is left'),
      order: z.enum(['rgb', 'bgr']).default('rgb').describe('In which a network is given the colours'),
    })
    .prefault({})
    .describe('(pixel − mean)/deviation'),
});

const head = z.strictObject({
  kind: z
    .union([z.enum(heads.map(({ name }) => name)), z.string().regex(pluginName, { abort: true })])
    .default('arcface')
    .describe('A head of Lineament’s, or `plugin:` and your own'),
  options: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('Settings of the head, over its first preset’s: scale, margin …'),
  sampling: z
    .strictObject({
      rate: z
        .number()
        .positive()
        .max(1)
        .default(0.1)
        .describe('Share of the classes in a step; those of its pictures are always among them'),
    })
    .nullable()
    .default(null)
    .describe('Partial FC (An et al. 2021): a step takes a sample of the classes, for very many of them'),
});

const loss = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cross-entropy'),
    smoothing: z.number().min(0).max(0.5).default(0).describe('ε of label smoothing; the paper: 0.1'),
  }),
  z.strictObject({
    kind: z.literal('focal'),
    gamma: z
      .number()
      .min(0)
      .max(10)
      .default(2)
      .describe('How much less counts what is recognised already; 0 is cross-entropy'),
    form: z
      .enum(['sample', 'batch'])
      .default('sample')
      .describe('(1 − p)^γ for each picture, or once for the batch’s mean as in face.evoLVe’s code'),
  }),
]);

const weightDecay = z.number().min(0).max(1).default(5e-4).describe('Not of normalisation and biases');
const clipNorm = z
  .number()
  .positive()
  .nullable()
  .default(null)
  .describe('Largest norm of all derivatives together');

const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: z.number().min(0).max(0.9999).default(0.9).describe('Share of the last step that goes on'),
    nesterov: z.boolean().default(false).describe('Looks one step ahead (Nesterov 1983)'),
    weightDecay,
    clipNorm,
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: z
      .number()
      .min(0)
      .max(0.9999)
      .default(0.9)
      .describe('Share of the past in the mean of derivatives'),
    beta2: z
      .number()
      .min(0)
      .max(0.999999)
      .default(0.999)
      .describe('Share of the past in the mean of their squares'),
    epsilon: z.number().positive().default(1e-8).describe('Keeps the division by small squares tame'),
    weightDecay: z.number().min(0).max(1).default(0.05).describe('Not of normalisation and biases'),
    clipNorm,
  }),
]);

const endRate = z.number().min(0).default(0).describe('What the rate comes down to');

const decay = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    at: z.array(z.number().positive()).min(1).describe('Epochs at which the rate falls'),
    factor: z.number().positive().max(1).default(0.1).describe('Of the rate at each of them'),
  }),
  z.strictObject({ kind: z.literal('cosine'), end: endRate }),
  z.strictObject({
    kind: z.literal('polynomial'),
    power: z.number().positive().default(2).describe('1 is a straight line; more falls sooner'),
    end: endRate,
  }),
]);

const schedule = z.strictObject({
  rate: z
    .number()
    .positive()
    .max(100)
    .default(0.025)
    .describe('Learning rate after the warm-up; the papers’ 0.1 is for batches of 512'),
  warmUp: z
    .strictObject({
      epochs: z.number().min(0).default(0).describe('Grows by a line, batch by batch; fractions are allowed'),
      from: z.number().min(0).default(0).describe('Rate of the first step'),
    })
    .prefault({}),
  decay: decay.prefault({ kind: 'cosine' }),
});

const validation = z.strictObject({
  everyEpochs: z
    .number()
    .positive()
    .default(1)
    .describe('Fractions of an epoch are allowed; also before the first step'),
  pairs: z
    .int()
    .min(20)
    .max(100_000)
    .default(3000)
    .describe('Pairs drawn from what is held out, half of one person'),
  versions: z
    .array(z.string().min(4))
    .max(10)
    .default([])
    .describe('Further dataset versions to verify on, by hash'),
  benchmarks: z
    .array(z.string().min(1))
    .max(10)
    .default([])
    .describe('Benchmarks of pairs to verify on, by name or hash'),
  flip: z.boolean().default(false).describe('Add the mirrored crop’s embedding, as face.evoLVe does'),
});

export const recipeSchema = z.strictObject({
  format: z.literal(1).default(1),
  data,
  network: network.prefault({}),
  start,
  fineTune: fineTune.prefault({}),
  average,
  distillation,
  head: head.prefault({}),
  loss: loss.prefault({ kind: 'cross-entropy' }),
  optimizer: optimizer.prefault({ kind: 'sgd' }),
  schedule: schedule.prefault({}),
  batch: z.int().min(2).max(8192).default(128).describe('Pictures at once; more need more memory'),
  accumulation: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe('Batches whose derivatives are averaged before a step'),
  epochs: z
    .number()
    .positive()
    .max(10_000)
    .default(20)
    .describe('Times through the data; fractions are allowed'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1337)
    .describe('Of everything random: the same seed and data give the same network'),
  validation: validation.prefault({}),
  earlyStop: z
    .strictObject({
      patience: z.int().min(1).default(5).describe('Validations without a better accuracy'),
      minDelta: z.number().min(0).default(0).describe('Gain in accuracy that counts as better, 0..1'),
    })
    .nullable()
    .default(null),
  precision: z
    .enum(['float32', 'mixed'])
    .default('float32')
    .describe(
      'Mixed: the network computes in half precision where that is exact enough, for graphics cards that are faster so; what is learnt stays float32',
    ),
  device: z
    .strictObject({
      engine: z.enum(['onnxruntime', 'tfjs']).default('onnxruntime'),
      provider: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('auto'),
      fallback: z.boolean().default(true).describe('Use the processor where the device is not to be had'),
      threads: z
        .int()
        .min(1)
        .max(512)
        .nullable()
        .default(null)
        .describe('Of the processor; without a number, all cores'),
    })
    .prefault({}),
});

/** Everything stated. */
export type Recipe = z.output<typeof recipeSchema>;
/** As people write it. */
export type RecipeInput = z.input<typeof recipeSchema>;
