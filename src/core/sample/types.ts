import type { MaskKind } from '../people/mask-kinds.ts';
import type { Pose, Shot } from '../people/shot.ts';

/** How many pictures of a sample have each defect. Pictures have one at most. */
export interface SampleDefects {
  /** Portraits that lie in the folder of somebody else. */
  readonly wrongLabels: number;
  /** People who have two folders, under two names. */
  readonly twins: number;
  /** Second copies of portraits: every other one the same bytes, the rest saved again at a lower quality. */
  readonly duplicates: number;
  /** Files that are cut off. */
  readonly broken: number;
  /** Portraits of people who wear a mask: no defect of the data, but hard for networks. */
  readonly masks: number;
}

/** What to make. The same settings give the same bytes. */
export interface SampleSettings {
  readonly seed: number;
  /** People with photographs, and portraits of each. */
  readonly identities: number;
  readonly picturesEach: number;
  /** Sides of square portraits in pixels, 360 unless told otherwise; other portraits and groups are as big. */
  readonly side?: number;
  /** Photographs of two to five of them. */
  readonly groups: number;
  readonly defects: SampleDefects;
  /**
   * Aligned crops for training, of people who are in no photograph; and as many of each of `exam` others, to verify what
   * was trained: they look alike at first sight, so that colours and hair don't tell them apart.
   */
  readonly training: { readonly identities: number; readonly exam: number; readonly cropsEach: number };
}

export const sampleRoles = ['photographed', 'training', 'exam'] as const;
export type SampleRole = (typeof sampleRoles)[number];

export interface SamplePerson {
  /** The seed of the person. */
  readonly identity: number;
  /** Their names: one, or two of a person with two folders. */
  readonly names: readonly string[];
  /** What they are made for. */
  readonly role: SampleRole;
}

export type SampleDefect =
  /** Lies in another's folder; `name` is whose face it is. */
  | { readonly kind: 'wrong-label'; readonly name: string }
  /** A copy of the picture at path `of`; of the same bytes where `exact`. */
  | { readonly kind: 'duplicate'; readonly of: string; readonly exact: boolean }
  /** Only this share of the file's bytes is there. */
  | { readonly kind: 'broken'; readonly kept: number };

/** One face of a planned picture. */
export interface PlannedFace {
  readonly identity: number;
  /** The seed of the shot. */
  readonly shot: number;
  readonly masked: boolean;
  /** Where it is in a group; null where the shot says so. */
  readonly frame: Shot['frame'] | null;
}

export interface PlannedPicture {
  /** Below the sample's folder, with slashes. */
  readonly path: string;
  readonly kind: 'portrait' | 'group' | 'crop';
  /** The folder's name, which is taken for the person's; null for groups. */
  readonly label: string | null;
  readonly width: number;
  readonly height: number;
  /** Of the JPEG file, 1 … 100; crops are PNG. */
  readonly quality: number;
  /** From the back to the front. */
  readonly faces: readonly PlannedFace[];
  readonly defect: SampleDefect | null;
}

export interface SamplePlan {
  readonly settings: SampleSettings;
  readonly people: readonly SamplePerson[];
  /**
   * The pictures in parts that can be made apart from each other: a person's portraits, a group, a person's crops.
   * Nobody needs to be sculpted for two of them but those in groups.
   */
  readonly parts: readonly (readonly PlannedPicture[])[];
}

/** What is true of a face, in pixels whose centres are at whole numbers, to a hundredth. */
export interface SampleFace {
  readonly identity: number;
  readonly name: string;
  readonly box: readonly [x: number, y: number, width: number, height: number];
  readonly pose: Pose;
  /** [10] and [136], x and y in turn. */
  readonly points: readonly number[];
  readonly landmarks: readonly number[];
  readonly mask: { readonly kind: MaskKind; readonly outline: readonly number[] } | null;
}

/** What is true of a picture. */
export interface SampleTruth {
  readonly path: string;
  readonly kind: PlannedPicture['kind'];
  readonly label: string | null;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly SampleFace[];
  readonly defect: SampleDefect | null;
}
