import { z } from 'zod';
import type { ErrorInfo } from '../base/errors.ts';
import { id, name, none, page } from './common.ts';
import type { FaceQuality } from './faces.ts';
import type { Job } from './jobs.ts';
import { method, type Page } from './method.ts';

/** Benchmarks: lists of pictures with what is true of them, which networks are measured on. */

export const benchmarkKinds = ['verification', 'megaface', 'templates'] as const;
export type BenchmarkKind = (typeof benchmarkKinds)[number];

/** How the pictures became crops: they are aligned crops already, or faces were found in them. */
export const benchmarkAlignments = ['aligned', 'detect'] as const;
export type BenchmarkAlignment = (typeof benchmarkAlignments)[number];

export interface Benchmark {
  readonly id: number;
  readonly name: string;
  readonly kind: BenchmarkKind;
  /** What it was taken for: `lfw`, `bin`, `csv`, `version` … and that in words. */
  readonly format: string;
  readonly title: string;
  readonly createdAt: number;
  readonly source: string;
  /** SHA-256 over the list and the crops, hexadecimal; null until the pictures are in. */
  readonly hash: string | null;
  readonly alignment: BenchmarkAlignment;
  readonly images: number;
  /** Pictures without a crop: unreadable, or no face found. Pairs with such a picture are left out, and counted. */
  readonly problems: number;
  /** Different people, where the list names them. */
  readonly people: number | null;
  readonly pairs: number;
  readonly samePairs: number;
  /** Pairs that can't be scored since a picture of theirs has no crop. */
  readonly lostPairs: number;
  /** Folds of the list; null where it has none of its own. */
  readonly folds: number | null;
  /** Groups of pairs, such as RFW's four; empty where there are none. */
  readonly groups: readonly string[];
  /** Pairs that the user marked as mislabelled. */
  readonly marked: number;
  /** The job that reads its pictures, while it is not done. */
  readonly job: Job | null;
}

export interface BenchmarkImage {
  /** Its place in the list. */
  readonly index: number;
  readonly key: string;
  readonly person: string | null;
  readonly group: string | null;
  /** Null where there is none; `problem` says why. */
  readonly crop: string | null;
  readonly problem: ErrorInfo | null;
  /** Whether the original can be shown at `benchmarkPhotoPath`. */
  readonly original: boolean;
  readonly quality: FaceQuality | null;
}

/** One way to take what was dropped. */
export interface BenchmarkReading {
  /** Passed to `benchmarks.import`. */
  readonly format: string;
  /** “LFW, View 2: ten folds of 300 + 300 pairs”. */
  readonly title: string;
  readonly kind: BenchmarkKind;
  /** A name to start from. */
  readonly name: string;
  readonly images: number;
  readonly pairs: number;
  readonly people: number | null;
  readonly folds: number | null;
  readonly groups: readonly string[];
  /** What the pictures seem to be. */
  readonly alignment: BenchmarkAlignment;
  /** What is missing for it, in words; pictures that the list names and that are not there are counted. */
  readonly missing: readonly string[];
  /** It can be imported although something is missing. */
  readonly usable: boolean;
}

/** How well crops lie on the template: distances of found points from where they should be. */
export interface AlignmentCheck {
  readonly looked: number;
  /** Faces that were found again. */
  readonly found: number;
  /** Mean distance of the five points from the template's, as a share of the distance between its eyes. */
  readonly error: number;
  /** Scale, turn (degrees) and shift (pixels of 112) from the template to what was found, in the middle. */
  readonly scale: number;
  readonly turn: number;
  readonly shift: readonly [x: number, y: number];
  readonly verdict: 'fits' | 'off' | 'unknown';
  /** What to do about it, in words. */
  readonly advice: string;
}

export const benchmarkMethods = {
  'benchmarks.list': method(none)<readonly Benchmark[]>(),
  'benchmarks.get': method(z.object({ benchmark: id }))<Benchmark>(),
  'benchmarks.find': method(z.object({ name }))<Benchmark>(),
  /**
   * What a folder, file or archive may be, the likeliest first; empty where it is nothing that is known. Paths on the
   * application's machine, or `upload:ID` of one file sent to `/media/upload`.
   */
  'benchmarks.recognise': method(
    z.object({ path: z.string().min(1), images: z.string().nullable().default(null) }),
  )<readonly BenchmarkReading[]>(),
  /** Reads a benchmark, out of archives too. Its pictures are cut out and kept in the data folder; a job does it. */
  'benchmarks.import': method(
    z.object({
      path: z.string().min(1),
      /** Where the pictures are, if not beside the list. */
      images: z.string().nullable().default(null),
      /** Null: what it is taken for first. */
      format: z.string().nullable().default(null),
      name: name.nullable().default(null),
      /** Null: what the pictures seem to be. */
      alignment: z.enum(benchmarkAlignments).nullable().default(null),
    }),
  )<{ readonly benchmark: number; readonly job: Job }>(),
  /** Draws pairs of a dataset version's pictures: as many of one person as of two, in folds that share no person. */
  'benchmarks.build': method(
    z.object({
      version: id,
      name: name.nullable().default(null),
      pairs: z.int().min(2).max(1_000_000).default(6000),
      folds: z.int().min(2).max(100).default(10),
      seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .default(0),
    }),
  )<Benchmark>(),
  'benchmarks.images': method(
    z.object({
      benchmark: id,
      show: z.enum(['all', 'problems']).default('all'),
      search: z.string().max(200).default(''),
      ...page,
    }),
  )<Page<BenchmarkImage>>(),
  /** Looks whether the crops lie on the template that models expect. */
  'benchmarks.alignment': method(
    z.object({ benchmark: id, pictures: z.int().min(1).max(500).default(50) }),
  )<AlignmentCheck>(),
  'benchmarks.rename': method(z.object({ benchmark: id, name }))<void>(),
  /** Forgets a benchmark and its crops. Results that were measured on it stay, and so do the originals. */
  'benchmarks.remove': method(z.object({ benchmark: id }))<void>(),
  /** Writes crops and list: InsightFace's `.bin`, or a folder of crops with `pairs.csv`. */
  'benchmarks.export': method(
    z.object({ benchmark: id, path: z.string().min(1), format: z.enum(['bin', 'folder']).default('bin') }),
  )<{ readonly path: string; readonly pairs: number; readonly images: number }>(),
} as const;
