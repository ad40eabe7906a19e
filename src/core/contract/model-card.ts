import { z } from 'zod';

/**
 * What Lineament knows about a model: `resources/models/<id>.json` beside `<id>.onnx` for the built-in ones, the same
 * beside an imported one in the data folder. A user may write it by hand, so that everything is validated.
 */

/** How eight-bit pixels become the network's input: (pixel·scale − mean) / std per channel, in the card's order. */
const preprocessing = z.object({
  width: z.int().positive().nullable().describe('pixels; null where the network takes any size'),
  height: z.int().positive().nullable(),
  /** Sides must be multiples of this where width and height are null. */
  multipleOf: z.int().positive().default(1),
  layout: z.enum(['nchw', 'nhwc']).default('nchw'),
  colour: z.enum(['rgb', 'bgr', 'grey']),
  scale: z.number().default(1),
  mean: z.array(z.number()).min(1).max(3),
  std: z.array(z.number()).min(1).max(3),
});

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'lower-case letters, digits, dot, dash and underscore'),
  name: z.string().min(1),
  /** SHA-256 of the .onnx file, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  licence: z.string().default('not stated'),
  source: z.string().default(''),
  /** What was measured, in prose and figures, for the model card's page. */
  notes: z.string().default(''),
};

export const detectorLayouts = ['mtcnn', 'yunet', 'scrfd', 'retinaface', 'ultraface', 'blazeface'] as const;

export const detectorCard = z.object({
  ...common,
  task: z.literal('detector'),
  layout: z.enum(detectorLayouts),
  /** MTCNN has three networks: P, R and O, each with its own file beside the card. */
  files: z.array(z.object({ file: z.string(), sha256: z.string() })).min(1),
  input: preprocessing,
  scoreThreshold: z.number().min(0).max(1),
  nmsThreshold: z.number().min(0).max(1),
});

export const embeddingCard = z.object({
  ...common,
  task: z.literal('embedding'),
  input: preprocessing,
  /** Length of the vector. */
  size: z.int().positive(),
  /** The template that crops must be aligned to: the 112 template scaled to the input's size. */
  template: z.literal('arcface-112').default('arcface-112'),
  /** Cosine similarity at which two faces are taken for one person (best accuracy where it was measured). */
  threshold: z.number().min(-1).max(1),
  /** Mean similarity at which two groups of faces are joined when people are looked for; null: like `threshold`. */
  clusterThreshold: z.number().min(-1).max(1).nullable().default(null),
  /** Measured: verification accuracy in per cent and faces per second on one thread; null where nobody measured. */
  accuracy: z.number().nullable().default(null),
  speed: z.number().nullable().default(null),
});

export const landmarkCard = z.object({
  ...common,
  task: z.literal('landmarks'),
  input: preprocessing,
  /** How many points, and how many numbers each: 68×2, 106×2, 468×3. */
  points: z.int().positive(),
  dimensions: z.union([z.literal(2), z.literal(3)]),
  /** Side of the square crop as a multiple of the longer side of the face box. */
  cropScale: z.number().positive(),
});

export const modelCard = z.discriminatedUnion('task', [detectorCard, embeddingCard, landmarkCard]);

export type Preprocessing = z.infer<typeof preprocessing>;
export type DetectorCard = z.infer<typeof detectorCard>;
export type DetectorLayout = DetectorCard['layout'];
export type EmbeddingCard = z.infer<typeof embeddingCard>;
export type LandmarkCard = z.infer<typeof landmarkCard>;
export type ModelCard = z.infer<typeof modelCard>;
