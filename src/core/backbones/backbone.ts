import type { Option } from '../base/option.ts';
import type { Value } from '../graph/value.ts';
import type { Activation } from '../layers/activation.ts';
import type { Net } from '../layers/net.ts';

export interface BackboneSettings {
  /** Length of the embedding. */
  readonly embedding: number;
  /** Dropout before the embedding's layer; 0 as a default says that the family has none. */
  readonly dropout: number;
  /** The embedding's layer: "E" of face.evoLVe (normalise, drop out, all of the map, normalise), or the family's own. */
  readonly output?: 'e' | 'own';
  /** How pictures come in: as in the paper, as a 3×3 of stride 1, or as three 3×3. */
  readonly stem?: 'paper' | 'fine' | 'deep';
  /** How a unit's shortcut halves: by the stride of its 1×1, or by a mean before it (He et al. 2019, "ResNet-D"). */
  readonly shortcut?: 'stride' | 'mean';
  /** By how much squeeze-and-excitation narrows. */
  readonly reduction?: number;
  readonly activation?: Activation;
  /** Stochastic depth: with which probability the last unit is left out for a picture; earlier ones less, in proportion. */
  readonly dropPath?: number;
}

export type BackboneOption = Option<keyof BackboneSettings>;

/** A network from pictures to embeddings. A variant is data: see index.ts. */
export interface Backbone {
  /** As recipes name it: `mobilefacenet`. */
  readonly name: string;
  /** As people call it: MobileFaceNet. */
  readonly title: string;
  /** What the variants of one design are called together, such as ResNet; its own title where it is the only one. */
  readonly family?: string;
  /** What it expects of the input's sides. */
  readonly input: number;
  /** Sides are multiples of it, so that every halving comes out even; any where left out. */
  readonly multipleOf?: number;
  readonly defaults: BackboneSettings;
  /** The settings that it reads beside the embedding's length and dropout; `defaults` states each of them. */
  readonly options?: readonly BackboneOption[];
  /** What leaves no choice, where a network was made elsewhere; any size where that is null. */
  readonly fixed?: {
    readonly size: number | null;
    readonly embedding: number;
    readonly pixels: { readonly mean: number; readonly deviation: number; readonly order: 'rgb' | 'bgr' };
  };
  /** The map before the embedding's layers: [n, 3, side, side] → [n, channels, h, w]. */
  trunk?(net: Net, x: Value, settings: BackboneSettings): Value;
  /** [n, 3, side, side], normalised → [n, embedding], of any length. */
  build(net: Net, x: Value, settings: BackboneSettings): Value;
}
