import { z } from 'zod';
import type { CleaningLimits } from '../training/label-noise.ts';
import { id, name, page } from './common.ts';
import type { Job } from './jobs.ts';
import { method } from './method.ts';
import type { Histogram } from './runs.ts';
import type { Version } from './versions.ts';

/** Self-training: a network's opinion of the names in a dataset version, and versions made by following it. */

const limit = z.number().min(-1).max(1);

/** What similarities are compared with; see src/core/training/label-noise.ts. */
export const cleaningLimits = z.strictObject({
  dropBelow: limit.describe('Pictures less like their own class are left out'),
  relabelAbove: limit.describe('Pictures at least so like another class may be given to it'),
  margin: z.number().min(0).max(2).describe('At least so much more like it than their own'),
  mergeAbove: limit.describe('Names whose pictures are so like each other are proposed to be one'),
});

export const cleaningActions = ['relabel', 'drop', 'merge'] as const;
export type CleaningAction = (typeof cleaningActions)[number];

/** What a model said of a version. There is one for each version and model: looking again replaces it. */
export interface Cleaning {
  readonly id: number;
  readonly version: number;
  readonly model: string;
  readonly createdAt: number;
  /** Pictures that were compared; `alone` of them are the only one under their name and can't be judged. */
  readonly images: number;
  readonly alone: number;
  /** Limits that the data speaks for. */
  readonly limits: CleaningLimits;
  /** Share of the names that are wrong, as the distributions say. */
  readonly wrong: number;
  /** Similarities to the own class without the picture itself, to the nearest other, and to one drawn by chance. */
  readonly histograms: { readonly own: Histogram; readonly next: Histogram; readonly stranger: Histogram };
}

/** A picture whose name is or was changed. */
export interface NameChange {
  /** The picture's place in the version that it is changed of; in a report, its place there. */
  readonly position: number;
  readonly crop: string;
  readonly action: CleaningAction;
  readonly from: string;
  /** Null where it is left out. */
  readonly to: string | null;
  /** Similarity to its own class and to the nearest other; null where it was not compared. */
  readonly own: number | null;
  readonly next: number | null;
  /** 0..1 */
  readonly certainty: number;
}

/** A change to come, with pictures to compare: those that are the most like their class. */
export interface SuspectName extends NameChange {
  /** The crop of somebody else's under the old name, and of somebody's under the new one. */
  readonly fromCrop: string | null;
  readonly toCrop: string | null;
}

/** Two names that may be one person's. */
export interface NamePair {
  /** Indices of the identities: the first is kept. */
  readonly pair: readonly [number, number];
  readonly names: readonly [string, string];
  readonly images: readonly [number, number];
  readonly crops: readonly [string | null, string | null];
  readonly similarity: number;
}

export interface CleaningPreview {
  readonly limits: CleaningLimits;
  readonly relabelled: number;
  readonly dropped: number;
  /** Pictures that get another name since two names become one. */
  readonly merged: number;
  /** Of the version that would be made. */
  readonly images: number;
  readonly identities: number;
  /** Names that are left without a picture, merged ones not counted. */
  readonly emptied: readonly string[];
  /** Names to make one, the most alike first; whether they are is for a person to say. */
  readonly pairs: readonly NamePair[];
}

/** What was done to make a version out of another. */
export interface CleaningReport {
  readonly version: number;
  /** The one it was made of; one that was removed since has no id. */
  readonly parent: { readonly id: number | null; readonly name: string; readonly hash: string };
  readonly model: { readonly id: string; readonly name: string };
  readonly limits: CleaningLimits;
  readonly relabelled: number;
  readonly dropped: number;
  readonly merged: number;
  /** How many names were changed from one to another, the most often first; `to` is null where pictures were left out. */
  readonly names: readonly {
    readonly from: string;
    readonly to: string | null;
    readonly images: number;
  }[];
}

/** What is to be done: missing limits are those of the data; refused pictures by their positions; names to make one. */
const wanted = {
  cleaning: id,
  limits: cleaningLimits.partial().default({}),
  refused: z.array(z.int().nonnegative()).max(1_000_000).default([]),
  merge: z
    .array(z.tuple([z.int().nonnegative(), z.int().nonnegative()]))
    .max(100_000)
    .default([]),
};

const action = z.enum(cleaningActions).nullable().default(null);

export const cleaningMethods = {
  /**
   * Compares every picture of a version with the classes, by a model's embeddings; those that are missing are computed.
   * `run`: by that run's best checkpoint, which is exported for it. The result is there when the job is done.
   */
  'cleaning.start': method(
    z.object({ version: id, model: z.string().nullable().default(null), run: id.nullable().default(null) }),
  )<Job>(),
  /** The newest first. */
  'cleaning.list': method(z.object({ version: id }))<readonly Cleaning[]>(),
  'cleaning.preview': method(z.object(wanted))<CleaningPreview>(),
  /** What would be changed, refused pictures too, the most certain first; merged pictures are not among them. */
  'cleaning.suspects': method(
    z.object({
      cleaning: id,
      limits: wanted.limits,
      action: z.enum(['relabel', 'drop']).nullable().default(null),
      ...page,
    }),
  )<{ readonly offset: number; readonly total: number; readonly items: readonly SuspectName[] }>(),
  /** Makes the version. The one that was looked at stays as it is. */
  'cleaning.apply': method(z.object({ ...wanted, name: name.nullable().default(null) }))<Version>(),
  /** Of a version that was made so; null for others. */
  'cleaning.report': method(z.object({ version: id }))<CleaningReport | null>(),
  'cleaning.changes': method(z.object({ version: id, action, ...page }))<{
    readonly offset: number;
    readonly total: number;
    readonly items: readonly NameChange[];
  }>(),
  /**
   * A version without some of the changes of this one, by their positions in the report; without any, it is the one that
   * it was made of.
   */
  'cleaning.takeBack': method(
    z.object({
      version: id,
      changes: z.array(z.int().nonnegative()).min(1).max(1_000_000),
      name: name.nullable().default(null),
    }),
  )<Version>(),
} as const;
