import type { Extras } from './extras.ts';
import type { Finding, RecipeOutlook } from './finding.ts';
import type { MemoryEstimate } from './memory.ts';
import type { Recipe } from './recipe.ts';
import type { Sizes } from './sizes.ts';

/** All that is known before a run starts. */
export interface PreflightFacts {
  readonly recipe: Recipe;
  /** Networks and heads of files that it names; none where left out. */
  readonly extras?: Extras;
  readonly outlook: RecipeOutlook;
  /** Of the whole dataset version. */
  readonly version: Sizes;
  /** Of what is trained on, and of what is held out. */
  readonly train: Sizes;
  readonly heldOut: Sizes;
  /** Crops by the solver that aligned them. */
  readonly solvers: Readonly<Record<string, number>>;
  /** The smallest and the largest side of the crops, in pixels. */
  readonly cropSides: readonly [number, number];
  /** Further validation sets: their identities that are trained on too, and pictures of those. */
  readonly overlaps: readonly Overlap[];
  readonly estimate: MemoryEstimate;
  /** Bytes that training may use; null where unknown. */
  readonly available: number | null;
  readonly device: PreflightDevice;
  /** What the network begins with; null: random numbers. */
  readonly start?: StartFacts | null;
  /** Whom it learns from besides, in words; null: nobody. */
  readonly teacher?: string | null;
  /** What a trial measured; null before one. */
  readonly measured: Measured | null;
}

export interface StartFacts {
  /** In words: “step 300 of the run Big”, or a file. */
  readonly of: string;
  /** Its classes: the same people, other people, or it has none. */
  readonly classes: 'same' | 'others' | 'none';
}

export interface Overlap {
  readonly set: string;
  readonly identities: number;
  readonly images: number;
}

export interface PreflightDevice {
  /** What it will run on. */
  readonly provider: string;
  /** Why not on what was asked for; empty where it is that. */
  readonly fellBack: string;
}

export interface Measured {
  readonly firstLoss: number;
  /** Null where it cannot be said before. */
  readonly expectedLoss: number | null;
  readonly msPerStep: number;
  /** Of that for the teacher; 0 where there is none. */
  readonly teacherMs?: number;
  /** Most bytes that the process had. */
  readonly memory: number;
}

/** A look at one thing; null where there is nothing to say. */
export type Check = (facts: PreflightFacts) => Finding | null;

export function good(code: string, message: string): Finding {
  return { code, level: 'good', message, advice: '' };
}
export function note(code: string, message: string, advice: string): Finding {
  return { code, level: 'note', message, advice };
}
export function warning(code: string, message: string, advice: string): Finding {
  return { code, level: 'warning', message, advice };
}

const english = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three digits: 0.00625, 15.8, 64. */
export const figure = (value: number): string => english.format(value);
/** 1,204 */
export const count = (value: number): string => whole.format(value);
export const percent = (share: number): string => `${english.format(share * 100)} %`;
/** 350 MB, 14.5 GB */
export const inBytes = (bytes: number): string =>
  bytes < 1e9 ? `${whole.format(bytes / 1e6)} MB` : `${english.format(bytes / 1e9)} GB`;
/** “1 identity”, “3 identities”. */
export const plural = (value: number, one: string, many: string): string =>
  `${whole.format(value)} ${value === 1 ? one : many}`;
