import type { Evaluation, Snapshot } from '../../core/contract/runs.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Provider } from '../engine/providers.ts';

/** What the application and a training process say to each other. */

/** Crops and where they lie in the packs, column by column: a million travel in one message. */
export interface CropTable {
  /** 0..classes − 1. */
  readonly classes: Int32Array;
  readonly files: Int32Array;
  readonly offsets: Float64Array;
  readonly lengths: Int32Array;
}

/** Pairs to verify on. */
export interface ValidationSet {
  /** `held-out`, or the name of a dataset version. */
  readonly name: string;
  readonly crops: CropTable;
  /** [pairs, 2] rows of `crops`. */
  readonly pairs: Int32Array;
  /** [pairs]: 1 where both are one person. */
  readonly same: Uint8Array;
}

export interface TrainSetup {
  readonly recipe: Recipe;
  readonly classes: number;
  /** What is trained on: low-shot identities and what is held out are gone already. */
  readonly crops: CropTable;
  readonly validation: readonly ValidationSet[];
  readonly packsDir: string;
  /** Where checkpoints go; exists. */
  readonly checkpointsDir: string;
  /** A checkpoint's file to go on from; null: from the beginning. */
  readonly resume: string | null;
  /**
   * Where `resume` is another run's: parameters and running statistics are taken over where name and shape agree; the
   * optimizer, the steps and the data begin anew.
   */
  readonly fork: boolean;
  /** Best accuracy so far, and validations since, when it goes on. */
  readonly best: { readonly accuracy: number; readonly step: number } | null;
  readonly sinceBest: number;
  /** Seconds trained before. */
  readonly seconds: number;
  readonly provider: Provider;
  readonly threads: number;
}

export interface SavedCheckpoint {
  readonly step: number;
  /** Name in `checkpointsDir`. */
  readonly file: string;
  readonly bytes: number;
  /** Of the validation at this very step, if there was one. */
  readonly accuracy: number | null;
  readonly best: boolean;
}

export interface TrainHost {
  started(start: {
    readonly provider: string;
    readonly stepsPerEpoch: number;
    readonly steps: number;
    /** Steps taken before this start. */
    readonly step: number;
  }): Promise<void>;
  /** `rows` [n, metricColumns.length]; `first` is the number of the first row's step, counted from 1. */
  steps(points: {
    readonly first: number;
    readonly rows: Float32Array;
    readonly memory: number;
  }): Promise<void>;
  snapshot(snapshot: Snapshot): Promise<void>;
  evaluated(evaluation: Evaluation): Promise<void>;
  /** All rows up to its step were told before. Files that it names no more may be deleted by the application. */
  saved(checkpoint: SavedCheckpoint): Promise<void>;
  /** Training ended by itself: `finished` or `early-stop`. */
  ended(reason: 'finished' | 'early-stop'): Promise<void>;
}
