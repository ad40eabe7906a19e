import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Backbone } from '../../core/backbones/backbone.ts';
import { error, LineamentError } from '../../core/base/errors.ts';
import { backboneInfo } from '../../core/contract/backbone-info.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { BackboneInfo } from '../../core/contract/training.ts';
import { importedName, importedNameOf } from '../../core/import-graph/imported-backbone.ts';
import { keepBackbone, modelBackbone, readKeptBackbone } from '../models/kept-backbone.ts';
import { type ModelMaps, readModelMaps } from '../models/model-maps.ts';
import type { Shelf } from './shelf.ts';

/** Embedding models as networks that a recipe may go on with: `onnx:ID`. */
export interface Backbones {
  /** Where those are kept that runs go on with. */
  readonly dir: string;
  /** What can be trained of the models that are there. Reading each once takes a quarter of a second. */
  infos(): Promise<readonly BackboneInfo[]>;
  /** The name with the hash of the model of that id; any other as it is. */
  wholeName(name: string): string;
  /**
   * The networks of files that a recipe which names `backbone` needs: none or one. Errors: `model/not-found`, and why that
   * model cannot be trained.
   */
  imported(backbone: string): Promise<readonly Backbone[]>;
  /** The maps on the way through a model's network, which it may teach. Errors: `model/not-found`, as of `readModelMaps`. */
  maps(backbone: string): Promise<ModelMaps>;
  /** How long a model's file is; 0 where it is not there. */
  bytes(backbone: string): Promise<number>;
  /** Copies its file to where the run's process finds it, also when the model is gone. */
  keep(backbone: string): Promise<void>;
}

/** What was made before, or is made now; what could not be made is tried again. */
function once<T>(
  made: Map<string, Promise<T>>,
  name: string,
  make: (name: string) => Promise<T>,
): Promise<T> {
  const found = made.get(name) ?? make(name);
  made.set(name, found);
  found.catch(() => made.delete(name));
  return found;
}

interface Place {
  readonly card: EmbeddingCard;
  readonly path: string;
}

export function openBackbones(shelf: Pick<Shelf, 'list' | 'embedding'>, dataDir: string): Backbones {
  const dir = join(dataDir, 'backbones');
  /** By name; a name has the file's hash in it. */
  const read = new Map<string, Promise<Backbone>>();
  const maps = new Map<string, Promise<ModelMaps>>();
  const cards = (): EmbeddingCard[] =>
    shelf.list().flatMap(({ card }) => (card.task === 'embedding' ? [card] : []));
  const placeOf = (name: string): Place | null => {
    const card = cards().find(({ id, sha256 }) => importedNameOf(id, sha256) === name);
    if (!card) return null;
    return { card, path: join(shelf.embedding(card.id).dir, `${card.id}.onnx`) };
  };
  const notFound = (name: string): Error => {
    const known =
      cards()
        .map(({ id }) => id)
        .join(', ') || 'none';
    return error('model/not-found', { id: name, task: 'embedding', known });
  };
  const load = async (name: string): Promise<Backbone> => {
    const place = placeOf(name);
    if (place) return await modelBackbone(place.card, place.path);
    const kept = await readKeptBackbone(dir, name);
    if (kept) return kept;
    throw notFound(name);
  };
  const loadMaps = async (name: string): Promise<ModelMaps> => {
    const place = placeOf(name);
    if (place) return await readModelMaps(place.card, place.path);
    throw notFound(name);
  };
  return {
    dir,
    infos: async () => {
      const infos: BackboneInfo[] = [];
      for (const { id, sha256 } of cards()) {
        const name = importedNameOf(id, sha256);
        const found = await once(read, name, load).catch((thrown: unknown) => {
          if (thrown instanceof LineamentError) return null; // told to whoever names it
          throw thrown;
        });
        if (found) infos.push(backboneInfo(found));
        await setImmediate();
      }
      return infos;
    },
    wholeName: (name) => {
      const [, id, hash] = importedName.exec(name) ?? [];
      const card = hash === undefined ? cards().find((one) => one.id === id) : undefined;
      return card ? importedNameOf(card.id, card.sha256) : name;
    },
    imported: async (name) => (importedName.test(name) ? [await once(read, name, load)] : []),
    maps: (name) => once(maps, name, loadMaps),
    bytes: async (name) => {
      const place = placeOf(name);
      return place ? (await stat(place.path).catch(() => ({ size: 0 }))).size : 0;
    },
    keep: async (name) => {
      const place = importedName.test(name) ? placeOf(name) : null;
      if (!place) return; // kept before, or missing: whoever reads it says so
      await mkdir(dir, { recursive: true });
      await keepBackbone(dir, place.card, place.path);
    },
  };
}
