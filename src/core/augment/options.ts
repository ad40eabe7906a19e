/** What is done to pictures in training. A recipe's augmentation is one; see there for limits, defaults and explanations. */
export interface AugmentOptions {
  /** Resize to this side and cut a random square of the network's size from it; null: resize only. */
  readonly cropFrom: number | null;
  /** Chances, 0..1. */
  readonly flip: number;
  /** Largest rotation either way, in degrees. */
  readonly rotation: number;
  readonly rotationChance: number;
  /** Factors are drawn from 1 − b to 1 + b. */
  readonly brightness: number;
  readonly saturation: number;
  readonly hue: number;
  /** Deviation. */
  readonly pcaNoise: number;
  readonly grey: number;
  readonly blur: number;
  readonly jpeg: number;
  readonly randAugment: { readonly operations: number; readonly magnitude: number } | null;
}

/** Nothing is altered. */
export const noAugmentation: AugmentOptions = {
  cropFrom: null,
  flip: 0,
  rotation: 0,
  rotationChance: 0,
  brightness: 0,
  saturation: 0,
  hue: 0,
  pcaNoise: 0,
  grey: 0,
  blur: 0,
  jpeg: 0,
  randAugment: null,
};
