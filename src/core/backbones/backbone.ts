import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';

export interface BackboneSettings {
  /** Length of the embedding. */
  readonly embedding: number;
  /** Dropout before the embedding's layer, where the family has it. */
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
  readonly defaults: BackboneSettings;
  /** [n, 3, side, side], normalised → [n, embedding], of any length. */
  build(net: Net, x: Value, settings: BackboneSettings): Value;
}
