import { error } from '../../core/base/errors.ts';
import type { DetectorCard, EmbeddingCard, LandmarkCard } from '../../core/contract/model-card.ts';
import type { Model } from '../../core/contract/models.ts';
import type { ModelPlace } from '../jobs/align.ts';
import {
  findModel,
  type InstalledModel,
  type ModelCatalogue,
  readModels,
  verifyModel,
} from '../models/cards.ts';
import type { Store } from '../store/database.ts';
import { getValue, setValue } from '../store/settings.ts';

/** The models that are there, and which of them is used where nothing else is said. */
export interface Shelf {
  /** Where imported models are. */
  readonly importedDir: string;
  list(): readonly Model[];
  /** Imported cards that cannot be used. */
  problems(): ModelCatalogue['problems'];
  /** By id, or the default. Error: `model/not-found`. */
  detector(id: string | null): ModelPlace<DetectorCard>;
  embedding(id: string | null): ModelPlace<EmbeddingCard>;
  /** The model that gives five points where a detector gives none; null where there is none. */
  landmarks(): ModelPlace<LandmarkCard> | null;
  /** Any model. Error: `model/not-found`. */
  get(id: string): InstalledModel;
  setDefault(id: string): void;
  /** Compares the files' checksums with the card's. Error: `model/changed`. */
  verify(id: string): Promise<void>;
  /** Looks at the folders again, after an import or a removal. */
  reload(): Promise<void>;
}

type Task = 'detector' | 'embedding';
const key = (task: Task): string => `default ${task}`;

/** Errors: `model/bad-manifest`, `model/bad-card` for built-in cards, `model/duplicate`. */
export async function openShelf(builtInDir: string, importedDir: string, store: Store): Promise<Shelf> {
  let catalogue = await readModels(builtInDir, importedDir);
  const defaultOf = (task: Task): string => {
    const chosen = getValue(store, key(task));
    // What was chosen may have been removed since.
    if (chosen !== null && catalogue.models.some(({ card }) => card.id === chosen)) return chosen;
    return catalogue.defaults[task] ?? '';
  };
  const get = (id: string): InstalledModel => {
    const found = catalogue.models.find(({ card }) => card.id === id);
    if (found === undefined) {
      const known = catalogue.models.map(({ card }) => card.id).join(', ');
      throw error('model/not-found', { id, task: 'model', known });
    }
    return found;
  };
  return {
    importedDir,
    list: () =>
      catalogue.models.map(({ card, builtIn, bytes }) => {
        const { landmarks, mesh } = catalogue.defaults;
        const isDefault =
          card.task === 'landmarks'
            ? card.id === landmarks || card.id === mesh
            : card.id === defaultOf(card.task);
        return { card, builtIn, bytes, isDefault };
      }),
    problems: () => catalogue.problems,
    detector: (id) => findModel(catalogue, 'detector', id ?? defaultOf('detector')),
    embedding: (id) => findModel(catalogue, 'embedding', id ?? defaultOf('embedding')),
    landmarks: () => {
      const id = catalogue.defaults.landmarks;
      return id === null ? null : findModel(catalogue, 'landmarks', id);
    },
    get,
    setDefault: (id) => {
      const { task } = get(id).card;
      if (task === 'landmarks') throw error('model/no-default', { id });
      store.write((writer) => setValue(writer, key(task), id));
    },
    verify: (id) => verifyModel(get(id)),
    reload: async () => {
      catalogue = await readModels(builtInDir, importedDir);
    },
  };
}
