import { z } from 'zod';
import { layouts } from '../weights/layouts.ts';
import type { WeightsReport } from '../weights/match.ts';
import { id } from './common.ts';
import { method } from './method.ts';
import type { Model } from './models.ts';

/** How pixels become numbers: (pixel − mean)/deviation, in this order of the colours. */
const pixels = z.object({
  order: z.enum(['rgb', 'bgr']),
  mean: z.number(),
  deviation: z.number().positive(),
});

/** How a checkpoint of PyTorch fits a backbone. */
export interface WeightsInspection extends WeightsReport {
  readonly path: string;
  /** Whether nothing of the backbone is missing. */
  readonly whole: boolean;
  /** What networks of the project whose layout it has are given: names cannot tell. */
  readonly pixels: z.output<typeof pixels>;
}

export interface ImportedWeights {
  readonly report: WeightsReport;
  /** Null where it was only written to a file. */
  readonly model: Model | null;
  readonly path: string;
  readonly bytes: number;
  /** Largest difference of an embedding's numbers between the ONNX file and the network with the numbers that were read. */
  readonly parity: number;
}

export interface ExportedWeights {
  readonly path: string;
  readonly layout: (typeof layouts)[number];
  readonly step: number;
  readonly bytes: number;
  readonly tensors: number;
}

const source = {
  path: z.string().min(1),
  /** Null: recognised by its names and shapes. */
  backbone: z.string().nullable().default(null),
  /** Sides of the network's pictures; null: as its shapes tell. */
  size: z.int().min(16).max(1024).nullable().default(null),
};

export const weightMethods = {
  /** What a `.pth` or `.pt` file has of a network. Nothing in it is executed. */
  'weights.inspect': method(z.object(source))<WeightsInspection>(),
  /** Makes an ONNX network of it: one of the models, a file, or both. */
  'weights.import': method(
    z.object({
      ...source,
      /** Null: as the project has it whose names they are. */
      pixels: pixels.nullable().default(null),
      /** Id among the models; null: made from the file's name. */
      model: z.string().nullable().default(null),
      install: z.boolean().default(true),
      /** An ONNX file to write; null: only among the models. */
      out: z.string().min(1).nullable().default(null),
    }),
  )<ImportedWeights>(),
  /** Writes the network of a run for PyTorch. */
  'weights.export': method(
    z.object({
      run: id,
      checkpoint: z.union([z.enum(['best', 'last']), z.int().nonnegative()]).default('best'),
      path: z.string().min(1),
      /** Whose names; null: face.evoLVe's where it has the network, Lineament's own otherwise. */
      layout: z.enum(layouts).nullable().default(null),
    }),
  )<ExportedWeights>(),
} as const;
