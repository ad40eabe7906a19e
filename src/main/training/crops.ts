/** What training reads: crops in packs, and pairs of them. */

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
  /** `held-out`, or the name of a dataset version or a benchmark. */
  readonly name: string;
  readonly crops: CropTable;
  /** [pairs, 2] rows of `crops`. */
  readonly pairs: Int32Array;
  /** [pairs]: 1 where both are one person. */
  readonly same: Uint8Array;
}
