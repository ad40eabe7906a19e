import { z } from 'zod';
import type { ErrorInfo } from '../base/errors.ts';
import { none } from './common.ts';
import { method } from './method.ts';

/**
 * The sample project: people who don't exist, made, and put through everything that Lineament does with faces. What is true of
 * every picture is known, so that each step can say how well it went.
 */
export const sampleStepNames = [
  'make',
  'import',
  'align',
  'embed',
  'cluster',
  'crops',
  'version',
  'train',
  'evaluate',
  'search',
] as const;
export type SampleStepName = (typeof sampleStepNames)[number];

/** Where what a step made can be looked at. */
export interface SamplePlace {
  readonly view: 'datasets' | 'align' | 'gallery' | 'people' | 'train' | 'evaluate' | 'search';
  readonly params: Readonly<Record<string, string>>;
}

export interface SampleStep {
  readonly name: SampleStepName;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly about: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly done: number;
  /** Null while it is not known how much there is to do. */
  readonly total: number | null;
  readonly unit: string;
  /** What came of it, in words: “118 of 120 faces found”. */
  readonly result: string | null;
  /** Seconds that it took; over all attempts. */
  readonly seconds: number;
  /** Null until there is something to see. */
  readonly place: SamplePlace | null;
}

/** Faces found in the photographs, against the truth. */
export interface SampleFaces {
  /** Faces in the photographs that can be read. */
  readonly true: number;
  readonly found: number;
  /** What was found where no face is. */
  readonly extra: number;
  /** Median over the faces of the mean distance of five points from the true ones, as a share of the distance of the eyes. */
  readonly pointError: number;
}

/** Clusters against who it really is, over pairs of faces. */
export interface SampleClusters {
  readonly faces: number;
  /** Groups of two faces and more. */
  readonly clusters: number;
  readonly identities: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** A network on pairs of people that it was not trained on. */
export interface SampleVerification {
  readonly accuracy: number;
  readonly deviation: number;
  readonly auc: number;
  /** Share of the same-person pairs accepted at shares of the others accepted, ascending: [FAR, TAR]. */
  readonly roc: readonly (readonly [far: number, tar: number])[];
}

export interface SampleHit {
  readonly face: number;
  readonly crop: string;
  readonly similarity: number;
  /** It is who was searched for, whatever its label says. */
  readonly right: boolean;
}

export interface SampleSearch {
  readonly face: number;
  readonly crop: string;
  readonly hits: readonly SampleHit[];
  readonly milliseconds: number;
}

/** What came of the steps so far. */
export interface SampleFindings {
  readonly made: {
    readonly photographs: number;
    readonly identities: number;
    readonly crops: number;
    readonly cropIdentities: number;
  } | null;
  readonly faces: SampleFaces | null;
  readonly clusters: SampleClusters | null;
  readonly training: {
    readonly images: number;
    readonly identities: number;
    readonly heldOut: number;
    readonly steps: number;
    readonly batch: number;
    /** Side of the pictures that the network sees, pixels. */
    readonly size: number;
    readonly seconds: number;
  } | null;
  readonly verification: {
    readonly pairs: number;
    readonly before: SampleVerification;
    readonly after: SampleVerification;
    /** Accuracies on pairs of other people whom one would take for each other at first sight: colours and hair tell nothing. */
    readonly lookAlikes?: {
      readonly pairs: number;
      readonly identities: number;
      readonly before: number;
      readonly after: number;
    };
  } | null;
  readonly searches: readonly SampleSearch[];
}

export const sampleStates = ['none', 'running', 'stopped', 'failed', 'done'] as const;
export type SampleStateName = (typeof sampleStates)[number];

export interface Sample {
  /** `stopped` by the user, or with the application; `sample.start` goes on. */
  readonly state: SampleStateName;
  readonly seed: number;
  readonly steps: readonly SampleStep[];
  readonly error: ErrorInfo | null;
  readonly findings: SampleFindings;
  /** Datasets of photographs and of training crops; the run. */
  readonly photographs: number | null;
  readonly crops: number | null;
  readonly run: number | null;
  /** The job of the step under way. */
  readonly job: number | null;
  /** Crops of faces that were found or made, to show. */
  readonly shown: readonly string[];
}

/** How big the sample is; what is left out is as the sample project has it. */
const size = z.object({
  /** People in the photographs, and photographs of each. */
  identities: z.int().min(2).max(1000).default(20),
  picturesEach: z.int().min(2).max(100).default(6),
  /** Photographs of several people. */
  groups: z.int().min(0).max(1000).default(6),
  /** People to train on, and crops of each. */
  cropIdentities: z.int().min(4).max(5000).default(160),
  cropsEach: z.int().min(2).max(100).default(14),
  /** Steps of training; null: as many as the recipe has. */
  steps: z.int().min(1).max(100_000).nullable().default(null),
  /** Side of the pictures that the network sees, pixels. */
  side: z.int().min(32).max(112).multipleOf(16).default(48),
});
export type SampleSize = z.output<typeof size>;

export const sampleMethods = {
  'sample.get': method(none)<Sample>(),
  /**
   * Starts the sample project, or goes on with it; one that is done is left as it is. Seed and size count at the first start
   * only.
   */
  'sample.start': method(
    z.object({
      seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .default(2026),
      size: size.prefault({}),
    }),
  )<Sample>(),
  /** Stops at a safe point. */
  'sample.stop': method(none)<void>(),
  /** Resolves when it doesn't run any more. */
  'sample.wait': method(none)<Sample>(),
  /** Writes what was made and found as one HTML page without anything outside of it; `file` is in the data folder. */
  'sample.report': method(none)<{ readonly html: string; readonly file: string }>(),
} as const;
