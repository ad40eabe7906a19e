import type { Evaluation, Snapshot } from '../../core/contract/runs.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Provider } from '../engine/providers.ts';
import type { CropTable, ValidationSet } from '../training/crops.ts';

export type { CropTable, ValidationSet } from '../training/crops.ts';

/** What the application and a training process say to each other. */

export interface TrainSetup {
  readonly recipe: Recipe;
  readonly classes: number;
  /** What is trained on: low-shot identities and what is held out are gone already. */
  readonly crops: CropTable;
  readonly validation: readonly ValidationSet[];
  readonly packsDir: string;
  /** Where networks of files are kept; left out, there are none. */
  readonly backbonesDir?: string;
  /** Where plugins are kept; left out, there are none. */
  readonly pluginsDir?: string;
  /** Where checkpoints go; exists. */
  readonly checkpointsDir: string;
  /** A checkpoint's file to go on from; it knows the best so far and the seconds trained. Null: from the beginning. */
  readonly resume: string | null;
  /**
   * True where `resume` is another run's: parameters and running statistics are taken over where name and shape agree, those
   * of the head only where its classes are the same people; the optimizer, the steps and the data begin anew.
   */
  readonly fork: boolean;
  /** A state dictionary of PyTorch to begin with; only where `resume` is null. */
  readonly weights?: string;
  /** Whom the recipe's distillation learns from: a checkpoint's file, or a model that is kept. */
  readonly teacher?:
    | { readonly from: 'run'; readonly checkpoint: string; readonly name: string }
    | { readonly from: 'model'; readonly name: string };
  readonly provider: Provider;
  readonly threads: number;
}

export interface SavedCheckpoint {
  readonly step: number;
  /** Name in `checkpointsDir`. */
  readonly file: string;
  readonly bytes: number;
  /** Of the validation at this very step, if there was one. A step may be saved twice: without it, then with it. */
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
  /**
   * `rows` [n, metricColumns and `figures`]; `first` is the number of the first row's step, counted from 1. The figures are
   * the same for all steps of a process.
   */
  steps(points: {
    readonly first: number;
    readonly rows: Float32Array;
    readonly figures: readonly string[];
    readonly memory: number;
  }): Promise<void>;
  snapshot(snapshot: Snapshot): Promise<void>;
  /** Of a step and set it may be told again, where a process was ended before its checkpoint was saved. */
  evaluated(evaluation: Evaluation): Promise<void>;
  /** All rows up to its step were told before. Then the job deletes all files but the last two and the best. */
  saved(checkpoint: SavedCheckpoint): Promise<void>;
  /** Training ended by itself: `finished` or `early-stop`. */
  ended(reason: 'finished' | 'early-stop'): Promise<void>;
}

/** A few steps on the real data, for their time and memory: nothing is saved and nothing told. */
export interface TrialSetup extends TrainSetup {
  /** Besides the first, whose time is not counted. */
  readonly trialSteps: number;
}

/** Makes an ONNX file of a checkpoint. */
export interface ExportSetup {
  readonly recipe: Recipe;
  readonly checkpoint: string;
  /** The ONNX file; replaced only by a whole one. */
  readonly path: string;
  /** Up to 64 crops are embedded by both networks, to compare; may be empty: then noise is embedded. */
  readonly crops: CropTable;
  readonly packsDir: string;
  /** Where networks of files are kept; left out, there are none. */
  readonly backbonesDir?: string;
  /** Where plugins are kept; left out, there are none. */
  readonly pluginsDir?: string;
  readonly threads: number;
}
