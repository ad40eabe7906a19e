import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import {
  type DetectorCard,
  type EmbeddingCard,
  type LandmarkCard,
  type ModelCard,
  modelCard,
} from '../../core/contract/model-card.ts';
import type { Model } from '../../core/contract/models.ts';
import type { ModelPlace } from '../jobs/align.ts';
import type { Store } from '../store/database.ts';

/** TEMPORARY until src/main/models/cards.ts is there. */
export interface Shelf {
  list(): readonly Model[];
  detector(id: string | null): ModelPlace<DetectorCard>;
  embedding(id: string | null): ModelPlace<EmbeddingCard>;
  landmarks(): ModelPlace<LandmarkCard> | null;
  verify(id: string): Promise<void>;
}

export async function openShelf(builtIn: string, _imported: string, _store: Store): Promise<Shelf> {
  const index = JSON.parse(readFileSync(join(builtIn, 'index.json'), 'utf8'));
  const cards: ModelCard[] = index.models.map((id: string) =>
    modelCard.parse(JSON.parse(readFileSync(join(builtIn, `${id}.json`), 'utf8'))),
  );
  const find = (id: string): ModelCard => {
    const card = cards.find((c) => c.id === id);
    if (!card) throw error('app/internal', { detail: id });
    return card;
  };
  return {
    list: () =>
      cards.map((card) => ({
        card,
        builtIn: true,
        isDefault: Object.values(index.defaults).includes(card.id),
        bytes: 0,
      })),
    detector: (id) => ({ card: find(id ?? index.defaults.detector) as DetectorCard, dir: builtIn }),
    embedding: (id) => ({ card: find(id ?? index.defaults.embedding) as EmbeddingCard, dir: builtIn }),
    landmarks: () => ({ card: find(index.defaults.landmarks) as LandmarkCard, dir: builtIn }),
    verify: async (id) => void (await stat(join(builtIn, `${id}.json`))),
  };
}
