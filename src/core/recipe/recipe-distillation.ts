import { z } from 'zod';
import { importedName } from '../import-graph/imported-backbone.ts';
import { checkpointOfRun } from './recipe-start.ts';

const embedding = z
  .int()
  .min(1)
  .nullable()
  .default(null)
  .describe('Length of the teacher’s embedding: written in when a run starts');

const maps = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      channels: z.int().min(1),
      side: z.int().min(1).describe('Of the square map'),
    }),
  )
  .nullable()
  .default(null)
  .describe('The teacher’s maps that are told: written in when a run starts');

const mapName = z.string().min(1).max(200);

const weight = (standard: number) =>
  z.number().positive().max(1e6).default(standard).describe('Of this part in the loss');

/** What a trained network teaches, beside the labels. Each part is as its paper has it, over the pictures of a batch. */
export const distillation = z
  .strictObject({
    teacher: z.discriminatedUnion('from', [
      z.strictObject({ ...checkpointOfRun, embedding, maps }),
      z.strictObject({
        from: z.literal('model'),
        model: z.string().regex(importedName).describe('`onnx:` and the id of an embedding model'),
        embedding,
        maps,
      }),
    ]),
    softTargets: z
      .strictObject({
        weight: weight(1),
        temperature: z.number().positive().max(100).default(4).describe('T: divides both sides’ logits'),
      })
      .nullable()
      .default(null)
      .describe('The teacher’s shares of the classes (Hinton et al. 2015); of a run on the same people'),
    features: z
      .strictObject({
        weight: weight(1),
        of: z
          .enum(['raw', 'unit'])
          .default('unit')
          .describe('Embeddings as they are (FitNets), or at length 1, where only the direction counts'),
      })
      .nullable()
      .default(null)
      .describe(
        'The teacher’s embedding itself, through a linear layer where lengths differ (FitNets, 2015)',
      ),
    distances: z
      .strictObject({ weight: weight(25) })
      .nullable()
      .default(null)
      .describe('How far pictures are from each other, by the mean (RKD-D, Park et al. 2019)'),
    angles: z
      .strictObject({ weight: weight(50) })
      .nullable()
      .default(null)
      .describe('Angles between any three pictures (RKD-A); memory grows with the cube of the batch'),
    neighbours: z
      .strictObject({ weight: weight(10_000) })
      .nullable()
      .default(null)
      .describe('Whom each picture is like, as shares (PKT, Passalis and Tefas 2018)'),
    similarities: z
      .strictObject({ weight: weight(3000) })
      .nullable()
      .default(null)
      .describe('The batch’s matrix of similarities (SP, Tung and Mori 2019)'),
    flow: z
      .strictObject({
        weight: weight(1),
        student: z
          .array(mapName)
          .min(2)
          .max(8)
          .nullable()
          .default(null)
          .describe('Parts of the network, such as stage1; without them its first and its last'),
        teacher: z
          .array(mapName)
          .min(2)
          .max(8)
          .nullable()
          .default(null)
          .describe('As many of the teacher’s; of an ONNX file, names of values'),
      })
      .nullable()
      .default(null)
      .describe('How it goes from one map to the next (FSP, Yim et al. 2017)'),
    factors: z
      .strictObject({
        weight: weight(200),
        student: mapName.nullable().default(null).describe('Part of the network; without it, the last'),
        teacher: mapName.nullable().default(null).describe('The teacher’s; of an ONNX file, a value’s name'),
        share: z.number().min(0.05).max(1).default(0.5).describe('k: of the teacher’s channels'),
        after: z
          .int()
          .min(0)
          .max(1_000_000)
          .default(100)
          .describe('Batches that the paraphraser learns alone'),
      })
      .nullable()
      .default(null)
      .describe('A map in fewer channels, as a paraphraser says it (FT, Kim et al. 2018)'),
  })
  .nullable()
  .default(null)
  .describe('Learn from a trained network, too: a run, or an embedding model');
