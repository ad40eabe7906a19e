import { describe, expect, it } from 'vitest';
import { embeddingCard } from '../../../src/core/contract/model-card.ts';
import type { Model } from '../../../src/core/contract/models.ts';
import { type Library, openLibrary } from '../../../src/main/app/library.ts';
import { forgetStaleVectors } from '../../../src/main/app/model-vectors.ts';
import type { Store } from '../../../src/main/store/database.ts';
import { findRow, mirroredModel, withoutEmbedding } from '../../../src/main/store/embeddings.ts';
import { vectorModels } from '../../../src/main/store/files.ts';
import { hashOf, inStore } from '../store/support.ts';

function shelfOf(models: Readonly<Record<string, number>>): { list(): Model[] } {
  const input = { width: 112, height: 112, colour: 'rgb', mean: [0], std: [1] };
  return {
    list: () =>
      Object.entries(models).map(([id, file]) => ({
        card: embeddingCard.parse({
          ...{ id, name: id, sha256: hashOf(file), task: 'embedding', input, size: 2, threshold: 0 },
        }),
        ...{ builtIn: false, bytes: 1, isDefault: false },
      })),
  };
}

interface Needs {
  readonly store: Store;
  readonly library: Library;
}

const withLibrary = (work: (needs: Needs) => Promise<void>) =>
  inStore(async (store, dir) => {
    const library = await openLibrary(dir, store);
    try {
      await work({ store, library });
    } finally {
      await library.close();
    }
  });

const check = (needs: Needs, models: Readonly<Record<string, number>>) =>
  forgetStaleVectors({ ...needs, shelf: shelfOf(models) });

describe('embeddings of a model', () => {
  it('are forgotten with the mirrored ones where its file is another', () =>
    withLibrary(async (needs) => {
      const { store, library } = needs;
      await library.addVectors('a', 2, ['c1', 'c2'], Float32Array.of(1, 2, 3, 4), hashOf(1));
      await library.addVectors(mirroredModel('a'), 2, ['c1'], Float32Array.of(5, 6), hashOf(1));
      await library.addVectors('b', 2, ['c1'], Float32Array.of(7, 8), hashOf(2));
      expect(await check(needs, { a: 1, b: 2 })).toEqual([]);
      expect(withoutEmbedding(store, mirroredModel('a'), ['c1', 'c2'])).toEqual(['c2']);
      expect(await check(needs, { a: 3, b: 2 })).toEqual(['a']);
      expect([findRow(store, 'a', 'c1'), findRow(store, mirroredModel('a'), 'c1')]).toEqual([null, null]);
      expect(findRow(store, 'b', 'c1')).toBe(0);
      // Another length is no trouble: nothing of the old file is left.
      await library.addVectors('a', 3, ['c1'], Float32Array.of(1, 2, 3), hashOf(3));
      expect(await check(needs, { a: 3, b: 2 })).toEqual([]);
    }));

  it('are taken to be of the file that is there, where nobody noted it', () =>
    withLibrary(async (needs) => {
      await needs.library.addVectors('a', 2, ['c1'], Float32Array.of(1, 2));
      expect(await check(needs, {})).toEqual([]); // gone, but may come again
      expect(await check(needs, { a: 1 })).toEqual([]);
      expect(vectorModels(needs.store)).toEqual([{ model: 'a', size: 2, rows: 1, modelHash: hashOf(1) }]);
      expect(await check(needs, { a: 2 })).toEqual(['a']);
    }));
});
