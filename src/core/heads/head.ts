import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';

/** From embeddings to what the loss takes. */
export interface Head {
  /** As recipes name it. */
  readonly name: string;
  readonly title: string;
  /** Settings by the name of where they come from; the first is the default. */
  readonly presets: Readonly<Record<string, HeadSettings>>;
  /**
   * From embeddings [n, d] and `target` [n, classes], which is 1 at each picture's label. Every derivative is the true
   * one of these logits.
   */
  build(net: Net, embeddings: Value, target: Value, settings: HeadSettings): HeadValues;
}

export interface HeadValues {
  /** [n, classes]. */
  readonly logits: Value;
  /** [n]: cosines to the own class, without a margin. To look at: the loss does not depend on them. */
  readonly cosines: Value;
  /** [n, min(classes, 64)]: cosines to the first classes. To look at. */
  readonly probes: Value;
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
