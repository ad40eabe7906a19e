import type { Box, Points5 } from '../faces/types.ts';

/** Benchmarks as data: which pictures there are, and what is asked of them. Where a picture lies is nobody's business here. */

export const benchmarkKinds = ['verification', 'megaface', 'ijb'] as const;
export type BenchmarkKind = (typeof benchmarkKinds)[number];

/** One picture of a benchmark. */
export interface BenchmarkImage {
  /** Unique in the benchmark: `Aaron_Peirsol/Aaron_Peirsol_0001.jpg`, `bin:17`. */
  readonly key: string;
  /** Who it shows; null where the list does not say. */
  readonly person: string | null;
  /** RFW's four, or what a list of one's own has; null where there are none. */
  readonly group: string | null;
}

/** Two pictures, by their places in `images`. */
export interface BenchmarkPair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
  /** From 0; null where the list has no folds. */
  readonly fold: number | null;
}

/** Pairs of pictures: same person or not? LFW and all that came after it. */
export interface VerificationList {
  readonly kind: 'verification';
  readonly images: readonly BenchmarkImage[];
  /** In the order of the protocol: folds are contiguous and ascend, unless the file itself says otherwise. */
  readonly pairs: readonly BenchmarkPair[];
  /** How many folds the pairs have; null where they have none. */
  readonly folds: number | null;
  /** Pairs to choose a threshold on, where the protocol has its own (LFW's View 1); `pairs` are then for testing alone. */
  readonly training: readonly BenchmarkPair[];
  /** The groups of `images`, in the order in which they come; empty where there are none. */
  readonly groups: readonly string[];
}

/** Probes of a few hundred people among a million others (Kemelmacher-Shlizerman et al. 2016). */
export interface MegafaceList {
  readonly kind: 'megaface';
  /** Probes first, then distractors, then masked probes. */
  readonly images: readonly BenchmarkImage[];
  /** Places in `images`; every probe has a person. */
  readonly probes: Int32Array;
  /** MegaFace-Mask: the masked pictures of `probes`, in their order; null where there are none. */
  readonly maskedProbes: Int32Array | null;
  readonly distractors: Int32Array;
  /** Probes that show somebody else: they count as the mean of their person's others. Places in `images`, ascending. */
  readonly noisyProbes: Int32Array;
  /** Distractors that show one of the probes' people: they count as nobody. Places in `images`, ascending. */
  readonly noisyDistractors: Int32Array;
}

/** A face of a template list (IJB-A, -B, -C); its picture may hold others. */
export interface TemplateImage extends BenchmarkImage {
  /** How sure the detector was, which weighs the picture; null where the list does not say. */
  readonly detectorScore: number | null;
  /** Where the face is in its picture, in pixels; null where the list does not say. */
  readonly box: Box | null;
  readonly points: Points5 | null;
}

/** Which faces make which template, in columns of one length: a face may belong to several. */
export interface TemplateMembers {
  /** Places in `images`. */
  readonly image: Int32Array;
  /** Places in `templates`. */
  readonly template: Int32Array;
  /** Faces of one medium (the frames of a video) count as one in their template. */
  readonly media: Int32Array;
}

export interface Template {
  /** The list's own number. */
  readonly id: number;
  /** Who it shows; null where the list does not say. */
  readonly subject: number | null;
}

/** Pairs of templates, by their places; 15.7 million in IJB-C, so in columns. All of one length. */
export interface TemplatePairs {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** 1 where both are one person. */
  readonly same: Uint8Array;
}

/** Templates to be searched in, one a subject; by their places. */
export interface TemplateGallery {
  /** `S1`, `G2`. */
  readonly name: string;
  readonly templates: Int32Array;
}

export interface TemplateList {
  readonly kind: 'ijb';
  readonly images: readonly TemplateImage[];
  readonly members: TemplateMembers;
  readonly templates: readonly Template[];
  /** For 1:1; null where the list has none. */
  readonly pairs: TemplatePairs | null;
  /** For 1:N: a closed set is searched in all of them, an open one in each alone. Empty where there are none. */
  readonly galleries: readonly TemplateGallery[];
  /** Places of the templates that are searched for; null where there are none. */
  readonly probes: Int32Array | null;
}

export type BenchmarkList = VerificationList | MegafaceList | TemplateList;
