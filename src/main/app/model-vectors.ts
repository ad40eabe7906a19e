import { mirroredModel } from '../store/embeddings.ts';
import { noteModelHash, vectorModels } from '../store/files.ts';
import type { Context } from './context.ts';
import type { Shelf } from './shelf.ts';

/**
 * Deletes embeddings of files that are others now: a model that was exchanged by hand, by a newer version of the
 * application, or imported anew after its removal was broken off. Where nobody noted of which file embeddings are, they are
 * taken to be of the one that is there. To be called whenever models came. Gives the ids of the models that are concerned.
 */
export async function forgetStaleVectors({
  store,
  shelf,
  library,
}: Pick<Context, 'store' | 'library'> & { readonly shelf: Pick<Shelf, 'list'> }): Promise<readonly string[]> {
  const hashes = new Map(
    shelf.list().flatMap(({ card }) => (card.task === 'embedding' ? [[card.id, card.sha256] as const] : [])),
  );
  const kept = new Map(vectorModels(store).map(({ model, modelHash }) => [model, modelHash]));
  const stale: string[] = [];
  for (const [id, hash] of hashes) {
    const names = [id, mirroredModel(id)].filter((name) => kept.has(name));
    if (names.some((name) => (kept.get(name) ?? hash) !== hash)) {
      await library.forgetVectors(id);
      stale.push(id);
      continue;
    }
    store.write((writer) => {
      for (const name of names) noteModelHash(writer, name, hash);
    });
  }
  return stale;
}
