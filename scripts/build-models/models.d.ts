import type { z } from 'zod';
import type { modelCard } from '../../src/core/contract/model-card.ts';
import type { OnnxModel } from '../../src/core/onnx/types.ts';
import type { SourceFiles } from './fetch.ts';
import { type Source } from './sources.ts';

/** The parts of a card that no file decides. */
type CardOf<C> = C extends unknown ? Omit<C, 'id' | 'sha256' | 'licence' | 'source' | 'files'> : never;
/** A model that is built: where it comes from, its networks by file name, and what its card says. */
export interface BuiltInModel {
  readonly id: string;
  readonly source: Source;
  readonly networks: Readonly<Record<string, (files: SourceFiles) => OnnxModel>>;
  readonly card: CardOf<z.input<typeof modelCard>>;
}
/** The ones that are used where nobody chose. */
export declare const defaults: {
  detector: string;
  embedding: string;
  landmarks: string;
  mesh: string;
};
export declare const builtInModels: readonly BuiltInModel[];
