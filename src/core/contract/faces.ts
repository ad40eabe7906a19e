import { z } from 'zod';
import type { Box, Points5, Solver } from '../faces/types.ts';
import { id, ids, page, points5 } from './common.ts';
import { method, type Page } from './method.ts';

/**
 * `kept` faces are in galleries, searches and training; `aside` are other faces in a photograph that is labelled with
 * one person; `rejected` were thrown out by the user.
 */
export const faceStates = ['kept', 'aside', 'rejected'] as const;
export type FaceState = (typeof faceStates)[number];

export interface FaceQuality {
  /** All in one, 0..1. */
  readonly overall: number;
  /** Sharpness of the crop, 0..1. */
  readonly sharpness: number;
  /** Mean brightness of the crop, 0..1. */
  readonly brightness: number;
  /** Estimated from the five points, degrees. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

export interface Face {
  readonly id: number;
  readonly photoId: number;
  readonly datasetId: number;
  /** Path of the photograph inside its source. */
  readonly file: string;
  readonly box: Box;
  readonly score: number;
  readonly points: Points5;
  readonly solver: Solver;
  /** The points were set by hand. */
  readonly edited: boolean;
  readonly state: FaceState;
  readonly quality: FaceQuality;
  /** Content hash of the crop; names its picture. */
  readonly crop: string;
  /** Side of the square crop in pixels. */
  readonly cropSize: number;
  readonly personId: number | null;
  readonly person: string | null;
  /** Where the name comes from: the dataset's label, or the user. */
  readonly named: 'label' | 'user' | null;
  readonly clusterId: number | null;
}

export const faceFilter = z.object({
  datasets: ids.nullable().default(null),
  photo: id.nullable().default(null),
  state: z.enum(faceStates).nullable().default('kept'),
  /** A person's faces; `unnamed` for those of nobody. */
  person: z
    .union([id, z.literal('unnamed')])
    .nullable()
    .default(null),
  cluster: id.nullable().default(null),
  minQuality: z.number().min(0).max(1).default(0),
  /** Shorter side of the box in the photograph, pixels. */
  minSize: z.number().nonnegative().default(0),
  /** Part of a person's name or of the file's path. */
  search: z.string().max(200).default(''),
  sort: z.enum(['added', 'quality', 'worst', 'size', 'person']).default('added'),
});
export type FaceFilter = z.infer<typeof faceFilter>;

const many = z.array(id).min(1).max(100_000);

export const faceMethods = {
  'faces.page': method(faceFilter.extend(page))<Page<Face>>(),
  /** Ids of all the faces that the filter lets through, in its order: for selecting ranges. */
  'faces.ids': method(faceFilter)<readonly number[]>(),
  'faces.get': method(z.object({ face: id }))<Face>(),
  /** Every face of these photographs, whatever its state: for drawing them into a page of photographs. */
  'faces.ofPhotos': method(z.object({ photos: z.array(id).min(1).max(500) }))<readonly Face[]>(),
  /** Of several faces in a photograph, the one that its label names; undoable. */
  'faces.choose': method(z.object({ face: id }))<void>(),
  'faces.setState': method(z.object({ faces: many, state: z.enum(faceStates) }))<void>(),
  /** Moves the five points; the crop, its quality and its embeddings follow. Undoable. */
  'faces.setPoints': method(z.object({ face: id, points: points5 }))<Face>(),
  /** Adds a face that the detector missed, by its five points; undoable. */
  'faces.add': method(z.object({ photo: id, points: points5 }))<Face>(),
} as const;
