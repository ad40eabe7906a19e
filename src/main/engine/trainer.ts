import type { EngineOptions } from './session.ts';

/** The pictures of one step of the optimizer (`batch`·`accumulation` of them) and its learning rate. */
export interface Batch {
  /** [batch·accumulation, size, size, 3], 0..255. */
  readonly images: Uint8Array;
  /** [batch·accumulation], 0..classes − 1. */
  readonly labels: Int32Array;
  readonly rate: number;
  /** What the network is given besides, by name: [batch·accumulation, ..]. */
  readonly given?: ReadonlyMap<string, Float32Array>;
}

/** Valid until the next step. `n` is batch·accumulation. */
export interface StepResult {
  /** Mean, before the step. Not a number, or infinite, where training has diverged. */
  readonly loss: number;
  readonly gradientNorm: number;
  /** [n]: how many classes have a larger logit than the label's; 0 is recognised. */
  readonly ranks: Float32Array;
  /** [n]: lengths of the embeddings. */
  readonly norms: Float32Array;
  /** [n]: cosines to the own class, without a margin. */
  readonly cosines: Float32Array;
  /** [n, probes]: cosines to the first min(classes, 64) classes, the own one among them where it is one. */
  readonly probes: Float32Array;
  /** [n, probes]: 1 where a probe is of another class than the picture's own, else 0. */
  readonly others: Float32Array;
  /** What the head tells of itself, by name: the mean over the step's batches. */
  readonly told: Readonly<Record<string, number>>;
}

/** All that a run continues from: exactly the same steps follow. */
export interface TrainingState {
  /** Steps of the optimizer taken. */
  readonly step: number;
  /** Every tensor of the state by its name. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

export interface TrainerOptions extends EngineOptions {
  /** Of the first parameters and of the dropout. */
  readonly seed: number;
}

/** A network in training, whatever the engine. A step blocks its thread; it belongs into a worker. Close it. */
export interface Trainer {
  readonly step: number;
  /** Takes a step. Throws `engine/run-failed`; the state is then as it was. */
  run(batch: Batch): Promise<StepResult>;
  /** Goes back to the state before the last step: what follows a step that diverged. At most once a step. */
  revert(): void;
  /** Where the state lives in a memory of the device's own: brings it here. To be awaited before `read` and `save`. */
  fetch?(): Promise<void>;
  /** How many numbers each tensor of the state has, by its name. */
  readonly lengths: ReadonlyMap<string, number>;
  /** The present numbers of a tensor of the state; they hold until the next step. */
  read(name: string): Float32Array;
  /** A copy of the whole state. */
  save(): TrainingState;
  /** Continues from a saved state. Throws `training/state-mismatch` where it is another network's. */
  restore(state: TrainingState): void;
  close(): Promise<void>;
}
