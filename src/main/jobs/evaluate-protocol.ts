import type { ErrorInfo } from '../../core/base/errors.ts';
import type { EvaluationCurves, EvaluationResult, ProtocolName } from '../../core/contract/evaluations.ts';
import type { VectorRows } from './load-vectors.ts';

/** What the application and a measuring process say to each other. */

/** Pairs of pictures to be told same from different. */
export interface VerificationTask {
  readonly kind: 'verification';
  readonly protocol: ProtocolName;
  /** Embeddings by each model: the row of each picture, −1 where it has none. */
  readonly parts: readonly VectorRows[];
  /** [n, 2] */
  readonly pairs: Int32Array;
  /** 1 where a pair shows one person. [n] */
  readonly same: Uint8Array;
  /** [n] */
  readonly folds: Int16Array | null;
  /** 0 where a pair counts. [n] */
  readonly leftOut: Uint8Array;
  /** The persons of each pair by numbers, where all are known. [n] each */
  readonly people: { readonly first: Int32Array; readonly second: Int32Array } | null;
  /** Pairs to choose the threshold on, where the list has its own (LFW's View 1); the others are then for testing alone. */
  readonly training: Pick<VerificationTask, 'pairs' | 'same' | 'leftOut' | 'people'> | null;
  /** Names of the groups, and the place of each pair's; −1 where it is in none. [n] */
  readonly groups: { readonly names: readonly string[]; readonly of: Int16Array };
  readonly resamples: number;
  readonly seed: number;
}

/** Probes of a few people among many distractors (MegaFace). Places are of pictures. */
export interface MegafaceTask {
  readonly kind: 'megaface';
  readonly protocol: ProtocolName;
  readonly parts: readonly VectorRows[];
  /** [probes] */
  readonly probes: Int32Array;
  /** The same pictures with masks, which then search for those without; null where there are none. [probes] */
  readonly maskedProbes: Int32Array | null;
  /** Persons of the probes by numbers. [probes] */
  readonly people: Int32Array;
  readonly distractors: Int32Array;
  /** Probes that show somebody else, and distractors that show a probe's person. */
  readonly noisyProbes: Int32Array;
  readonly noisyDistractors: Int32Array;
}

/** Sets of pictures of one person each, compared as a whole (IJB). */
export interface TemplatesTask {
  readonly kind: 'templates';
  readonly protocol: ProtocolName;
  readonly parts: readonly VectorRows[];
  /** Which picture is in which template, of which medium, and what it weighs. [members] each */
  readonly members: {
    readonly image: Int32Array;
    readonly template: Int32Array;
    readonly media: Int32Array;
    readonly weight: Float32Array | null;
  };
  /** Who each template shows, by numbers; −1 where that is not said. [templates] */
  readonly subjects: Int32Array;
  readonly pairs: { readonly a: Int32Array; readonly b: Int32Array; readonly same: Uint8Array } | null;
  /** Places of templates. */
  readonly galleries: readonly Int32Array[];
  readonly probes: Int32Array | null;
}

export interface EvaluateSetup {
  readonly threads: number;
}

/** What is measured: embeddings are there, and the list says what is compared. */
export type EvaluateTask = VerificationTask | MegafaceTask | TemplatesTask;

/** What came of a task. */
export interface Measured
  extends Pick<EvaluationResult, 'pairs' | 'verification' | 'groups' | 'identification' | 'withAll'> {
  /** In the order of the list's pairs; null where it has none of pictures. */
  readonly scores: Float32Array | null;
  /** Where there are no scores to read them from. */
  readonly curves: Omit<EvaluationCurves, 'id'> | null;
}

/** Tasks come one after the other, so that one process does for thousands of them. */
export interface EvaluateHost {
  next(nothing: null): Promise<EvaluateTask | null>;
  save(measured: Measured): Promise<void>;
  /** The task can't be done; there may be others. */
  fail(reason: ErrorInfo): Promise<void>;
}
