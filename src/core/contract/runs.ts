import { z } from 'zod';
import type { ErrorInfo } from '../base/errors.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { metricColumns } from '../training/metrics.ts';
import { id, name, none } from './common.ts';
import type { Job } from './jobs.ts';
import { method } from './method.ts';

export const runStates = ['queued', 'running', 'paused', 'done', 'stopped', 'failed'] as const;
export type RunState = (typeof runStates)[number];

/** Why a run is not training (any more). */
export const stopReasons = [
  'finished',
  'early-stop',
  'user',
  'paused',
  'diverged',
  'error',
  'interrupted',
] as const;
export type StopReason = (typeof stopReasons)[number];

/** The training of one recipe. */
export interface Run {
  readonly id: number;
  readonly name: string;
  readonly state: RunState;
  /** Set wherever the run is not under way. */
  readonly reason: StopReason | null;
  readonly error: ErrorInfo | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** The job that carries it, while it is known. */
  readonly job: Job | null;
  readonly step: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly backbone: string;
  readonly head: string;
  readonly version: { readonly id: number; readonly hash: string; readonly name: string };
  /** Where it was forked from. */
  readonly parent: { readonly run: number; readonly name: string; readonly step: number } | null;
  /** What it runs on: `cpu`; null before the first start. */
  readonly provider: string | null;
  /** The present loss, smoothed over about 50 steps; null before the first step. */
  readonly loss: number | null;
  /** Best validation accuracy so far, 0..1, and where. */
  readonly best: { readonly accuracy: number; readonly step: number } | null;
  /** Pictures per second, waiting included; null while it does not train. */
  readonly imagesPerSecond: number | null;
  readonly etaSeconds: number | null;
  /** Memory of the training process in bytes; null while it does not train. */
  readonly memory: number | null;
}

export interface Checkpoint {
  readonly step: number;
  readonly epoch: number;
  readonly createdAt: number;
  readonly bytes: number;
  readonly accuracy: number | null;
  readonly best: boolean;
  readonly last: boolean;
}

export interface RunDetail extends Run {
  readonly recipe: Recipe;
  readonly checkpoints: readonly Checkpoint[];
  /** Where its files are. */
  readonly folder: string;
}

/** One verification of a network in training. */
export interface Evaluation {
  readonly step: number;
  /** `held-out`, or the name of a dataset version. */
  readonly set: string;
  readonly pairs: number;
  /** Mean over ten folds, 0..1, and its deviation between folds. */
  readonly accuracy: number;
  readonly deviation: number;
  /** Cosine at which it was reached. */
  readonly threshold: number;
  /** Share of the same-person pairs accepted where at most so many of the others are: [FAR, TAR]. */
  readonly tarAtFar: readonly (readonly [far: number, tar: number])[];
  /** Area under the curve. */
  readonly auc: number;
}

/** Distributions over the last steps before `step`; each histogram has equal bins from `from` to `to`. */
export interface Snapshot {
  readonly step: number;
  readonly target: Histogram;
  readonly negative: Histogram;
  readonly norm: Histogram;
}

export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** Columns over steps, drawn together to at most `points` buckets. */
export interface Series {
  readonly run: number;
  /** The first and the step behind the last that there are. */
  readonly first: number;
  readonly end: number;
  /** First step of each bucket. */
  readonly steps: readonly number[];
  /** Steps in a bucket. */
  readonly every: number;
  /** Extremes and mean of each bucket, by the names of `metricColumns` and of the run's figures; null where not finite. */
  readonly columns: Readonly<Record<string, SeriesColumn>>;
}

export interface SeriesColumn {
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
}

/** Rows of steps that were just taken, in the order of `metricColumns` and `figures`. */
export interface RunPoints {
  readonly run: number;
  /** Steps are counted from 1: the number of the first row's. */
  readonly first: number;
  readonly rows: readonly (readonly (number | null)[])[];
  /** What the run records beside `metricColumns`, such as numbers of its head; see core/training/figures.ts. */
  readonly figures?: readonly string[];
}

/** A batch as the network saw it; pictures are at `batchCropPath(run, step, index)`. */
export interface BatchView {
  readonly step: number;
  readonly items: readonly { readonly crop: string; readonly identity: string }[];
}

export interface Exported {
  readonly model: string;
  readonly path: string;
  readonly step: number;
  /** Largest difference of an embedding's numbers between the exported and the trained network. */
  readonly parity: number;
  readonly bytes: number;
}

const run = id;

export const runMethods = {
  'runs.list': method(none)<readonly Run[]>(),
  'runs.get': method(z.object({ run }))<RunDetail>(),
  'runs.find': method(z.object({ name }))<Run>(),
  /** Starts a run. Without a name it is called after its network, head and data. */
  'runs.start': method(z.object({ recipe: z.unknown(), name: name.nullable().default(null) }))<Run>(),
  /** Stops after the step under way, keeps a checkpoint; `runs.continue` goes on. */
  'runs.pause': method(z.object({ run }))<void>(),
  /** Goes on from the last checkpoint: with the same numbers as if nothing had happened. */
  'runs.continue': method(z.object({ run }))<Run>(),
  /** Ends it for good; the last checkpoint stays. */
  'runs.stop': method(z.object({ run }))<void>(),
  /** A new run from a checkpoint, with another recipe for what follows; null: the same. */
  'runs.fork': method(
    z.object({
      run,
      /** Null: the last checkpoint. */
      step: z.int().nonnegative().nullable().default(null),
      recipe: z.unknown().default(null),
      name: name.nullable().default(null),
    }),
  )<Run>(),
  'runs.rename': method(z.object({ run, name }))<void>(),
  /** Deletes a run that is not under way, with its checkpoints. */
  'runs.remove': method(z.object({ run }))<void>(),
  'runs.series': method(
    z.object({
      run,
      /** Null: all that are recorded, with the run's figures. */
      columns: z.array(z.enum(metricColumns)).min(1).nullable().default(null),
      from: z.int().nonnegative().default(0),
      /** Null: to the end. */
      to: z.int().nonnegative().nullable().default(null),
      points: z.int().min(2).max(20_000).default(1000),
    }),
  )<Series>(),
  'runs.evaluations': method(z.object({ run }))<readonly Evaluation[]>(),
  'runs.snapshots': method(z.object({ run, last: z.int().min(1).max(1000).default(1) }))<
    readonly Snapshot[]
  >(),
  /** Null: the step under way, or the last one. */
  'runs.batch': method(z.object({ run, step: z.int().nonnegative().nullable().default(null) }))<BatchView>(),
  /** Writes the network as ONNX; without a path it goes to the models. */
  'runs.export': method(
    z.object({
      run,
      checkpoint: z.union([z.enum(['best', 'last']), z.int().nonnegative()]).default('best'),
      path: z.string().min(1).nullable().default(null),
      /** Id among the models; null: made from the run's name. */
      model: z.string().nullable().default(null),
      /** Make it available for align, embed and search. */
      install: z.boolean().default(true),
    }),
  )<Exported>(),
} as const;
