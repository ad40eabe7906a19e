import { join } from 'node:path';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { Context } from './context.ts';
import { forgetStaleVectors } from './model-vectors.ts';
import { freeName } from './versions.ts';

/** `My Run #2` as an id: `my-run-2`. */
function modelId(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-');
  const id = plain.replaceAll(/^[^a-z0-9]+|-+$/g, '').slice(0, 60);
  return id === '' ? 'trained' : id;
}

/** An id that no model has yet, made of a name. */
export function freeModelId({ shelf }: Pick<Context, 'shelf'>, name: string): string {
  const taken = (id: string): boolean => shelf.list().some((model) => model.card.id === id);
  return freeName(modelId(name), taken, '-');
}

/**
 * Puts a network among the models, after a trial run; gives its file. `sure`: it was made here, so that nothing of its card
 * is a guess. Errors: those of an import of a model.
 */
export async function installModel(
  context: Pick<Context, 'store' | 'library' | 'shelf' | 'recogniser' | 'events'>,
  path: string,
  card: EmbeddingCard,
  sure = true,
): Promise<string> {
  const { shelf, recogniser, events } = context;
  const taken = shelf.list().map((model) => model.card.id);
  const { importedDir } = shelf;
  const id = await recogniser.use((methods) => methods.importModel({ path, card, importedDir, taken, sure }));
  recogniser.renew();
  await shelf.reload();
  await forgetStaleVectors(context);
  events.changed('models', 'datasets');
  return join(importedDir, `${id}.onnx`);
}
