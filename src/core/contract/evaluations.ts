import { z } from 'zod';
import type { BenchmarkImage, BenchmarkKind } from './benchmarks.ts';
import { id, ids, name, page } from './common.ts';
import type { Job } from './jobs.ts';
import { method } from './method.ts';
import type { Histogram } from './runs.ts';

/** Measurements of networks on benchmarks by the field's protocols; see src/core/metrics. */

export const protocolNames = ['evolve', 'facex', 'standard'] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** Leaked pairs: not looked for, counted, or counted and left out. */
export const leakTreatments = ['ignore', 'count', 'exclude'] as const;
export type LeakTreatment = (typeof leakTreatments)[number];

/** False accept rates at which what is accepted is told. */
export const falseAcceptRates = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6] as const;

/** A figure with its interval: 95 % of the resamples lie in it. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What was measured: a model, or several whose features are put together. */
export interface Subject {
  /** SHA-256 of the model's file; of an ensemble, over those of its parts. */
  readonly hash: string;
  readonly name: string;
  /** Ids of the models, which may have been removed since. */
  readonly models: readonly string[];
  /** The run and step that it was exported from, where it was. */
  readonly run: { readonly run: number; readonly name: string; readonly step: number } | null;
}

export interface VerificationFigures {
  readonly accuracy: Figure;
  /** Standard deviation between folds (n − 1), and that over √folds; null of one fold (LFW's View 1). */
  readonly deviation: number | null;
  readonly standardError: number | null;
  /** Mean of the folds' thresholds, in the protocol's own score. */
  readonly threshold: number;
  readonly folds: readonly {
    readonly pairs: number;
    /** Null where the fold is empty, or the others hold nothing to choose a threshold on. */
    readonly accuracy: number | null;
    readonly threshold: number | null;
  }[];
  readonly auc: Figure;
  readonly eer: Figure;
  /** In the order of `falseAcceptRates`; null where it can't be measured with so few pairs of two people. */
  readonly tar: readonly (Figure | null)[];
  /** What was drawn for the intervals: people where the list names all of them, since pairs share them; else pairs. */
  readonly resampled: 'pairs' | 'identities';
}

/** Groups of one benchmark, at one threshold for all and at each one's own. */
export interface GroupFigures {
  readonly group: string;
  readonly pairs: number;
  readonly accuracy: number;
  /** At the global threshold: shares of the others accepted and of the same refused. */
  readonly fmr: number | null;
  readonly fnmr: number | null;
  readonly ownThreshold: number;
  readonly ownAccuracy: number;
}

export interface IdentificationFigures {
  /** Share of the probes whose person is among the first k. */
  readonly cmc: readonly (readonly [rank: number, rate: number])[];
  readonly probes: number;
  readonly gallery: number;
  /** Open set: share found and accepted where so many strangers are; null where it can't be measured. */
  readonly dir: readonly (readonly [far: number, rate: number | null])[];
  /** Verification at false accept rates, as MegaFace and IJB tell it. */
  readonly tar: readonly (readonly [far: number, rate: number | null])[];
}

/** What else decided how something was measured: enough to measure it again. */
export interface EvaluationOptions {
  /** The mirrored crop's embedding was added. */
  readonly flip: boolean;
  readonly resamples: number;
  readonly seed: number;
  readonly leaks: LeakTreatment;
  /** Id of the version that the models were trained on; null where it is not known, or several were. */
  readonly trainedOn: number | null;
}

/** A measurement of one subject on one benchmark by one protocol. */
export interface EvaluationResult {
  readonly id: number;
  readonly subject: Subject;
  readonly benchmark: {
    /** Null where it was removed since. */
    readonly id: number | null;
    readonly name: string;
    readonly hash: string;
    readonly kind: BenchmarkKind;
  };
  readonly protocol: ProtocolName;
  readonly options: EvaluationOptions;
  readonly createdAt: number;
  /** Pairs that were scored; left out were: without a crop, marked as mislabelled, shared with the training data. */
  readonly pairs: number;
  readonly lost: number;
  readonly marked: number;
  readonly leaked: number;
  readonly verification: VerificationFigures | null;
  readonly groups: readonly GroupFigures[];
  readonly identification: IdentificationFigures | null;
  /** The same without the pairs that are left out, where some are: accuracy (or rank 1) of all pairs. */
  readonly withAll: number | null;
  /** What the training data shares with the benchmark; null where nobody has looked, or it is not known what it was. */
  readonly leak: LeakCount | null;
  /** Seconds that embedding and scoring took, and embeddings that had to be computed. */
  readonly seconds: number;
  readonly embedded: number;
  /** The benchmark's list, crops or marks are not what they were: measure again. */
  readonly outdated: boolean;
}

/** What a training version and a benchmark have in common. */
export interface LeakCount {
  readonly version: { readonly id: number | null; readonly name: string; readonly hash: string };
  /** Pictures of the benchmark that are, or nearly are, in the version. */
  readonly pictures: number;
  /** People of the benchmark who are in the version, by name or by their faces. */
  readonly people: number;
  /** Pairs with such a picture or person. */
  readonly pairs: number;
}

export interface LeakReport extends LeakCount {
  readonly benchmark: number;
  /** The model by whose embeddings they were compared. */
  readonly by: string;
  /** The most alike first: crops of the benchmark and of the version. */
  readonly nearest: readonly {
    readonly image: number;
    readonly crop: string;
    readonly versionCrop: string;
    readonly similarity: number;
    readonly same: 'picture' | 'person';
  }[];
}

/** Curves to draw. Points are thinned so that nothing moves by a pixel. */
export interface EvaluationCurves {
  readonly id: number;
  /** [FAR, TAR, threshold], FAR ascending. */
  readonly roc: readonly (readonly [far: number, tar: number, threshold: number])[];
  readonly same: Histogram;
  readonly different: Histogram;
}

/** What comes of a threshold. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly tar: number;
  readonly far: number;
  readonly accuracy: number;
  readonly falseAccepts: number;
  readonly falseRejects: number;
}

/** A pair that is wrong at a threshold. */
export interface FailedPair {
  /** Its place in the benchmark's list. */
  readonly pair: number;
  readonly same: boolean;
  /** In the protocol's own score; null where a marked pair has none, since a picture of it has no crop. */
  readonly score: number | null;
  /** How far on the wrong side of the threshold; below 0 where a marked pair is right. */
  readonly by: number;
  readonly fold: number | null;
  readonly group: string | null;
  readonly marked: boolean;
  readonly images: readonly [BenchmarkImage, BenchmarkImage];
}

const results = ids.min(1).max(1000);
/** Where the operating point is: a threshold in the protocol's score, or the false accepts that are allowed. */
const operating = z.union([z.object({ threshold: z.number() }), z.object({ far: z.number().gt(0).max(1) })]);

/** What to measure: models by id, runs by a checkpoint, ONNX files or folders of them, ensembles of models by id. */
export const evaluationWish = z.object({
  models: z.array(z.string().min(1)).max(1000).default([]),
  runs: z
    .array(
      z.object({
        run: id,
        checkpoint: z.union([z.enum(['best', 'last', 'all']), z.int().nonnegative()]).default('best'),
      }),
    )
    .max(1000)
    .default([]),
  files: z.array(z.string().min(1)).max(1000).default([]),
  ensembles: z
    .array(z.array(z.string().min(1)).min(2).max(16))
    .max(100)
    .default([]),
  benchmarks: ids.min(1).max(1000),
  protocols: z
    .array(z.enum(protocolNames))
    .min(1)
    .default([...protocolNames]),
  /** Add the mirrored crop's embedding in the `standard` protocol; the other two say themselves. */
  flip: z.boolean().default(false),
  /** Resamples for the intervals. */
  resamples: z.int().min(100).max(100_000).default(1000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  /** The version that the models were trained on, where their runs don't say; looked at for leaks. */
  trainedOn: id.nullable().default(null),
  leaks: z.enum(leakTreatments).default('count'),
  /** Measure again what is measured already. */
  again: z.boolean().default(false),
});

export const evaluationMethods = {
  /** Measures everything of the wish on every benchmark, one after the other; continuing passes over what is done. */
  'evaluations.start': method(evaluationWish)<Job>(),
  /** The newest first; only the last of each subject, benchmark, protocol and flip unless `all`. */
  'evaluations.list': method(
    z.object({ benchmark: id.nullable().default(null), all: z.boolean().default(false) }),
  )<readonly EvaluationResult[]>(),
  'evaluations.get': method(z.object({ evaluation: id }))<EvaluationResult>(),
  'evaluations.remove': method(z.object({ evaluations: results }))<void>(),
  'evaluations.curves': method(
    z.object({ evaluations: results, points: z.int().min(10).max(5000).default(500) }),
  )<readonly EvaluationCurves[]>(),
  'evaluations.at': method(z.object({ evaluation: id, at: operating }))<OperatingPoint>(),
  /** Pairs that are wrong at a threshold, the most certain first; or all marked ones. */
  'evaluations.failures': method(
    z.object({
      evaluation: id,
      at: operating,
      kind: z.enum(['false-accepts', 'false-rejects', 'marked']),
      ...page,
    }),
  )<{
    readonly offset: number;
    readonly total: number;
    readonly threshold: number;
    readonly items: readonly FailedPair[];
  }>(),
  /** Marks pairs of a benchmark as mislabelled, or takes that back; undoable. Results are outdated by it. */
  'evaluations.mark': method(
    z.object({
      benchmark: id,
      pairs: z.array(z.int().nonnegative()).min(1).max(100_000),
      marked: z.boolean(),
    }),
  )<void>(),
  /** Compares a benchmark with a version's pictures and people by a model's embeddings. */
  'evaluations.leaks': method(z.object({ benchmark: id, version: id }))<LeakReport | null>(),
  /** A table of results, as text or as one HTML page without anything outside of it; `file` is in the data folder. */
  'evaluations.report': method(
    z.object({
      /** Null: the last of everything. */
      evaluations: results.nullable().default(null),
      format: z.enum(['csv', 'json', 'markdown', 'html']).default('html'),
      title: name.nullable().default(null),
      path: z.string().min(1).nullable().default(null),
    }),
  )<{ readonly text: string; readonly file: string }>(),
} as const;

/** Which faces a map shows. */
const mapScope = z.union([
  z.object({ benchmark: id }),
  z.object({ version: id }),
  z.object({ datasets: ids.min(1) }),
]);

export interface EmbeddingMap {
  readonly job: number;
  /** What was asked for, with the models named. */
  readonly wish: MapWish;
  readonly state: 'running' | 'done' | 'stopped';
  readonly method: 'tsne' | 'umap';
  /** One layout for each model: [x, y] of each point, in no unit. */
  readonly layouts: readonly {
    readonly model: string;
    readonly epoch: number;
    readonly positions: readonly number[];
  }[];
  readonly epochs: number;
  /** In the order of the positions. */
  readonly points: readonly { readonly crop: string; readonly person: string }[];
}

/** What a map shows and how it is made. */
export const mapWish = z.object({
  scope: mapScope,
  /** One model, or two to compare side by side; null: the default one. */
  models: z.array(z.string().min(1)).min(1).max(2).nullable().default(null),
  method: z.enum(['tsne', 'umap']).default('umap'),
  /** People that are shown: drawn by the seed, or these. */
  people: z.int().min(2).max(1000).default(10),
  names: z.array(name).max(1000).default([]),
  /** Pictures of a person at most. */
  each: z.int().min(1).max(1000).default(50),
  /** Perplexity of t-SNE, neighbours of UMAP. */
  neighbours: z.int().min(2).max(200).default(15),
  epochs: z.int().min(10).max(5000).default(500),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});
export type MapWish = z.output<typeof mapWish>;

export const mapMethods = {
  /** Lays out embeddings in the plane; `maps.get` shows it while it settles. */
  'maps.start': method(mapWish)<Job>(),
  'maps.get': method(z.object({ job: id }))<EmbeddingMap | null>(),
} as const;
