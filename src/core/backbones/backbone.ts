import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';

export interface BackboneSettings {
  /** Length of the embedding. */
  readonly embedding: number;
  /** Dropout before the embedding's layer; 0 as a default says that the family has none. */
  readonly dropout: number;
}

/** A network from pictures to embeddings. A variant is data: see index.ts. */
export interface Backbone {
  /** As recipes name it: `mobilefacenet`. */
  readonly name: string;
  /** As people call it: MobileFaceNet. */
  readonly title: string;
  /** What it expects of the input's sides. */
  readonly input: number;
  /** Sides are multiples of it, so that every halving comes out even; any where left out. */
  readonly multipleOf?: number;
  readonly defaults: BackboneSettings;
  /** [n, 3, side, side], normalised → [n, embedding], of any length. */
  build(net: Net, x: Value, settings: BackboneSettings): Value;
}
