/** What a look before the start found. */
export interface Finding {
  /** `class-count`, `first-loss` … */
  readonly code: string;
  readonly level: 'good' | 'note' | 'warning';
  /** A sentence that says what was found, with its figures. */
  readonly message: string;
  /** What to do; empty where nothing is to be done. */
  readonly advice: string;
}

/** What a recipe amounts to on its data. */
export interface RecipeOutlook {
  readonly images: number;
  readonly identities: number;
  readonly heldOutImages: number;
  readonly heldOutIdentities: number;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  readonly parameters: number;
  /** An estimate, in bytes. */
  readonly memory: number;
}
