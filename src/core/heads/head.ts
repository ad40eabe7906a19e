import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';

/** From embeddings to what the cross-entropy takes. */
export interface Head {
  /** As recipes name it. */
  readonly name: string;
  readonly title: string;
  /** Settings by the name of where they come from; the first is the default. */
  readonly presets: Readonly<Record<string, HeadSettings>>;
  /**
   * Logits [n, classes] from embeddings [n, d] and `target` [n, classes], which is 1 at each picture's label. Every
   * derivative is the true one of these logits.
   */
  build(net: Net, embeddings: Value, target: Value, settings: HeadSettings): Value;
}

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
