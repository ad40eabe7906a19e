import type { Option } from '../base/option.ts';
import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';
import type { LossSettings } from './loss.ts';

/** From embeddings to what the loss takes. */
export interface Head {
  /** As recipes name it. */
  readonly name: string;
  readonly title: string;
  /** Settings by the name of where they come from; the first is the default. */
  readonly presets: Readonly<Record<string, HeadSettings>>;
  /** The settings that it reads. */
  readonly options: readonly HeadOption[];
  /**
   * What counts as a constant when the derivative is taken, as the paper has it, though it comes from the embeddings:
   * in words. Where nothing is held, the derivative is the true one of these logits.
   */
  readonly held: readonly string[];
  /** From embeddings [n, d] and `target` [n, classes], which is 1 at each picture's label. */
  build(net: Net, embeddings: Value, target: Value, settings: HeadSettings): HeadValues;
  /** What becomes of the cosine to the own class: its logit, to be drawn. Null where that is no curve. */
  readonly target: ((settings: HeadSettings, cosine: number) => number) | null;
  /** The same of other classes, where it is not the scale times the cosine. */
  readonly other?: (settings: HeadSettings, cosine: number) => number;
  /**
   * What the first loss should be, when embeddings of that length know nothing of the classes yet. A run whose first loss
   * is elsewhere is set up wrongly.
   */
  expectedLoss(settings: HeadSettings, classes: number, embedding: number, loss?: LossSettings): number;
}

export interface HeadValues {
  /** [n, classes]. */
  readonly logits: Value;
  /** [n]: cosines to the own class, without a margin. To look at: the loss does not depend on them. */
  readonly cosines: Value;
  /** [n, min(classes, 64)]: cosines to the first classes. To look at. */
  readonly probes: Value;
  /** A single number that is made small beside the loss of the logits, such as MagFace's of the lengths. */
  readonly extra?: Value;
  /** Single numbers that are recorded at every step, by names that core/training/figures.ts has words for. */
  readonly figures?: Readonly<Record<string, Value>>;
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
  /** AdaFace: how many standard deviations of the lengths use the whole margin, inverted. */
  readonly concentration?: number;
}

export type HeadOption = Option<keyof HeadSettings>;
