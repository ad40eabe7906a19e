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
   * From embeddings [n, d] and `target` [n, classes], which is 1 at each picture's label. Every derivative is the true
   * one of these logits.
   */
  build(net: Net, embeddings: Value, target: Value, settings: HeadSettings): HeadValues;
  /** What becomes of the cosine to the own class: its logit, to be drawn. Null where the head is not by cosine. */
  readonly target: ((settings: HeadSettings, cosine: number) => number) | null;
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
}

/** Cosines to so many classes, at most, are told at every step. */
export const mostProbes = 64;

/** A head reads the ones that it has. */
export interface HeadSettings {
  /** Factor of the cosines. */
  readonly scale?: number;
  /** An angle in radians, or a cosine. */
  readonly margin?: number;
  /** ArcFace where θ + m would exceed π: `line` goes on as c − m·sin m (InsightFace), `none` leaves c as it is. */
  readonly fallback?: 'line' | 'none';
  /** ArcFace: the margin only where c > 0. */
  readonly easy?: boolean;
}

export type HeadOption = Option<keyof HeadSettings>;

export const scaleOption: HeadOption = {
  name: 'scale',
  kind: 'number',
  least: 1,
  most: 512,
  about:
    'Factor of the cosines. More classes need more of it, or the loss cannot fall; the papers: 30 to 64.',
};
