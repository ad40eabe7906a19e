import type { Option } from '../base/option.ts';
import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';
import type { LossSettings } from './loss.ts';

/** From embeddings to what the loss takes. */
export interface Head {
  /** As recipes name it. */
  readonly name: string;
  readonly title: string;
  /** What heads of its kind are called together. */
  readonly family: string;
  /** What it is good for, in a few words. */
  readonly about: string;
  /** Settings by the name of where they come from; the first is the default. */
  readonly presets: Readonly<Record<string, HeadSettings>>;
  /** The settings that it reads. */
  readonly options: readonly HeadOption[];
  /** What is wrong with settings that are each within their limits, and at which of them; null where nothing is. */
  readonly impossible?: (
    settings: HeadSettings,
  ) => { readonly option: keyof HeadSettings; readonly message: string } | null;
  /**
   * What counts as a constant when the derivative is taken, as the paper has it, though it comes from the embeddings:
   * in words. Where nothing is held, the derivative is the true one of these logits.
   */
  readonly held: readonly string[];
  /** `pictures`: it has no class weights and compares the batch's pictures with each other; else it has. */
  readonly compares?: 'pictures';
  /** From embeddings [n, d], `target` [n, classes], which is 1 at each picture's label, and the `labels` [n] themselves. */
  build(net: Net, embeddings: Value, target: Value, settings: HeadSettings, labels: Value): HeadValues;
  /** What becomes of the cosine to the own class: its logit, to be drawn. Null where that is no curve. */
  readonly target: ((settings: HeadSettings, cosine: number) => number) | null;
  /** The same of other classes, where it is not the scale times the cosine. */
  readonly other?: (settings: HeadSettings, cosine: number) => number;
  /**
   * What the first loss should be, when embeddings of that length know nothing of the classes yet. A run whose first loss
   * is elsewhere is set up wrongly. Null where it depends on the pictures. `of`: where the classes are a sample, of how many.
   */
  expectedLoss(
    settings: HeadSettings,
    classes: number,
    embedding: number,
    loss?: LossSettings,
    of?: number,
  ): number | null;
}

export interface HeadValues {
  /** [n, classes]; of a head that compares pictures, [n, n]: their cosines. */
  readonly logits: Value;
  /** [n]: cosines to the own class, without a margin. To look at: the loss does not depend on them. */
  readonly cosines: Value;
  /** [n, min(classes, 64)]: cosines to the first classes. To look at. */
  readonly probes: Value;
  /** What a head that compares pictures has in place of what comes from logits and labels. */
  readonly pairs?: PairValues;
  /** A single number that is made small beside the loss of the logits, such as MagFace's of the lengths. */
  readonly extra?: Value;
  /** Single numbers that are recorded at every step, by names that core/training/figures.ts has words for. */
  readonly figures?: Readonly<Record<string, Value>>;
}

/** Of a batch's pictures among each other. `cosines` and `probes` are then to pictures, not to class weights. */
export interface PairValues {
  /** A single number, in place of the logits' loss. */
  readonly loss: Value;
  /** [n]: how many pictures of others are nearer than the nearest one of the own identity; not a number where there is none. */
  readonly ranks: Value;
  /** [n, probes]: 1 where a probe is of somebody else. */
  readonly others: Value;
}

/** Cosines to so many classes, at most, are told at every step. */
export const mostProbes = 64;

/** A head reads the ones that it has; what they are for is said by its options. */
export interface HeadSettings {
  /** Factor of the cosines. */
  readonly scale?: number;
  /** An angle in radians, or a cosine. */
  readonly margin?: number;
  /** Where θ + m would exceed π: `line` goes on as c − m·sin m (face.evoLVe), `none` leaves c as it is (FaceX-Zoo). */
  readonly fallback?: 'line' | 'none';
  /** ArcFace: the margin only where c > 0. */
  readonly easy?: boolean;
  /** Class weights before training. */
  readonly start?: 'xavier' | 'unit' | 'small';
  /** AM-Softmax: whether embeddings have length 1, or theirs. */
  readonly features?: 'unit' | 'raw';
  /** SphereFace: m of cos mθ, and λ's first value, its decay and its least. */
  readonly multiple?: number;
  readonly lambdaFirst?: number;
  readonly lambdaDecay?: number;
  readonly lambdaLeast?: number;
  /** AdaCos: whether the scale goes with the training. */
  readonly dynamic?: boolean;
  /** Of the part of the loss beside the logits' (AdaM-Softmax, MagFace). */
  readonly weight?: number;
  /** ArcNegFace: the negatives' weight at most, and how fast it falls. */
  readonly alpha?: number;
  readonly sigma?: number;
  /** Circle loss: its scale, which is of squares of cosines. */
  readonly gamma?: number;
  /** How much of a running mean is new at every batch (CurricularFace, AdaFace). */
  readonly pace?: number;
  /** MagFace: lengths between which the margin grows, and the margin at the longest. */
  readonly shortest?: number;
  readonly longest?: number;
  readonly marginMost?: number;
  /** MV-Softmax: a margin of the cosine or of the angle. */
  readonly form?: 'am' | 'arc';
  /** MV-Softmax and NPCFace: what hard negatives are multiplied with; NPCFace: what is added to them. */
  readonly hardFactor?: number;
  readonly hardShift?: number;
  /** NPCFace: the target's margin, and how it grows with the hard negatives' mean cosine. */
  readonly marginOwn?: number;
  readonly marginGain?: number;
  /** Sub-centre ArcFace: how many a class has. */
  readonly centres?: number;
  /** Triplet: which are taken, and whether distances are squared. */
  readonly mining?: 'batch-hard' | 'semi-hard';
  readonly squared?: boolean;
  /** Contrastive: which pairs of two people are taken. */
  readonly negatives?: 'random-hard' | 'all';
  /** Center loss: α of the centres. */
  readonly centrePace?: number;
  /** AdaFace: how many standard deviations of the lengths use the whole margin, inverted. */
  readonly concentration?: number;
}

export type HeadOption = Option<keyof HeadSettings>;
