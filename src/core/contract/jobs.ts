import { z } from 'zod';
import type { ErrorInfo } from '../base/errors.ts';
import { id, ids, none, solver } from './common.ts';
import { method } from './method.ts';

export const jobKinds = [
  'import',
  'align',
  'embed',
  'cluster',
  'train',
  'people',
  'clean',
  'benchmark',
  'evaluate',
  'map',
] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  /** What a person calls it: “Align Holidays 2019”. */
  readonly title: string;
  readonly datasetId: number | null;
  readonly state: JobState;
  readonly done: number;
  /** Null while it is not known how much there is to do. */
  readonly total: number | null;
  /** What is counted: photographs, faces. */
  readonly unit: string;
  /** Units per second over the last seconds; null until measured. */
  readonly rate: number | null;
  readonly etaSeconds: number | null;
  readonly error: ErrorInfo | null;
  /** The last lines that the worker wrote. */
  readonly logTail: readonly string[];
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Figures of what was done, by name. */
  readonly summary: Readonly<Record<string, number>>;
  /** A paused, failed or cancelled job that can go on where it stopped. */
  readonly canContinue: boolean;
}

export const jobMethods = {
  'jobs.list': method(z.object({ active: z.boolean().default(false) }))<readonly Job[]>(),
  'jobs.get': method(z.object({ job: id }))<Job>(),
  'jobs.pause': method(z.object({ job: id }))<void>(),
  'jobs.cancel': method(z.object({ job: id }))<void>(),
  'jobs.continue': method(z.object({ job: id }))<Job>(),
  /** Resolves when the job has ended or paused, however it ended. */
  'jobs.wait': method(z.object({ job: id }))<Job>(),
  /** Forgets ended jobs. */
  'jobs.clear': method(none)<void>(),
  /** Finds faces in the photographs that have not been through this detector and solver. */
  'align.start': method(
    z.object({
      dataset: id,
      detector: z.string().nullable().default(null),
      solver: solver.default('umeyama'),
      /** Shortest side of a face, in pixels of the photograph; null lets the size of the photograph decide. */
      minFace: z.int().min(12).max(2000).nullable().default(null),
      /** Detect again where it was done before; the user's choices and hand-set points stay. */
      again: z.boolean().default(false),
    }),
  )<Job>(),
  /** Computes the embeddings that are missing. `after`: begins when that job is done, and is cancelled with it. */
  'embed.start': method(
    z.object({
      datasets: ids.nullable().default(null),
      model: z.string().nullable().default(null),
      after: id.nullable().default(null),
    }),
  )<Job>(),
  /** Clusters the faces by person; names that people gave stay. */
  'cluster.start': method(
    z.object({
      datasets: ids.nullable().default(null),
      model: z.string().nullable().default(null),
      /** Similarity at which two groups join; null takes the model's own. */
      threshold: z.number().min(-1).max(1).nullable().default(null),
      after: id.nullable().default(null),
    }),
  )<Job>(),
} as const;
