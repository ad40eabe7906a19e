import { z } from 'zod';
import { none } from './common.ts';
import { method } from './method.ts';
import { type ModelCard, modelCard } from './model-card.ts';

export interface Model {
  readonly card: ModelCard;
  readonly builtIn: boolean;
  /** What is used where nothing else is said. */
  readonly isDefault: boolean;
  /** Bytes of its files. */
  readonly bytes: number;
}

/** What an ONNX file's shapes tell about it. */
export interface Inspection {
  readonly path: string;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  /** Null where the layout is none that is known. */
  readonly task: ModelCard['task'] | null;
  /** In words: “RetinaFace layout: 16,800 anchors for 640×640”. */
  readonly recognised: string;
  /** A card to start from; null where the layout is unknown. */
  readonly proposal: ModelCard | null;
  /** Fields of the card that shapes cannot tell: colour order, mean, threshold. */
  readonly questions: readonly string[];
}

export const modelMethods = {
  'models.list': method(none)<readonly Model[]>(),
  'models.inspect': method(z.object({ path: z.string().min(1) }))<Inspection>(),
  /** Copies the model into the data folder after a trial run. Without a card, the JSON beside the file is read. */
  'models.import': method(
    z.object({ path: z.string().min(1), card: modelCard.nullable().default(null) }),
  )<Model>(),
  'models.remove': method(z.object({ model: z.string().min(1) }))<void>(),
  'models.setDefault': method(z.object({ model: z.string().min(1) }))<void>(),
} as const;
