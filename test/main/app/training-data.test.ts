import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { splitData, trainingData, validationSets } from '../../../src/main/app/training-data.ts';
import { createVersion } from '../../../src/main/app/versions.ts';
import type { Store } from '../../../src/main/store/database.ts';
import { addBlob } from '../../../src/main/store/files.ts';
import { forgetDatasetItems } from '../../../src/main/store/versions.ts';
import { hashOf, inStore, makeDataset, makeFace, makePerson, makePhoto } from '../store/support.ts';

/** A version of so many people with four pictures each. */
function versionOf(store: Store, name: string, people: number) {
  const datasets = store.write((writer) => {
    const dataset = makeDataset(writer, name);
    for (let i = 0; i < people * 4; i++) {
      const [n, person] = [dataset * 1000 + i, `${name} ${Math.floor(i / 4)}`];
      const known = writer.get<{ id: number }>('SELECT id FROM person WHERE name = ?', [person])?.id;
      const photo = makePhoto(writer, dataset, `${n}.jpg`, { hash: hashOf(100_000 + n) });
      const named = known ?? makePerson(writer, person);
      makeFace(writer, { photo, dataset, crop: hashOf(n), person: named, named: 'user' });
      addBlob(writer, 'crops', hashOf(n), { file: 0, offset: n * 10, length: 10 });
    }
    return [{ id: dataset, name }];
  });
  return createVersion(store, datasets, { name: null, minQuality: 0, at: 1 });
}

describe('the data of a recipe', () => {
  it('is split the same with and without its pictures', () => {
    inStore((store) => {
      const trained = versionOf(store, 'Cast', 10);
      const other = versionOf(store, 'Others', 3);
      const recipe = recipeSchema.parse({
        data: { version: trained.hash, holdOut: { share: 0.3 } },
        validation: { versions: [other.hash] },
      });
      const { places, ...whole } = trainingData(store, recipe);
      expect(places).toHaveLength(40);
      expect(whole.split.heldOut.length).toBeGreaterThan(0);
      const others = whole.others.map(({ version, identities }) => ({ version, identities }));
      expect(splitData(store, recipe)).toEqual({ ...whole, others });
      store.write((writer) => {
        forgetDatasetItems(writer, 2);
      });
      for (const read of [splitData, trainingData])
        expect(() => read(store, recipe)).toThrow(
          expect.objectContaining({ code: 'version/incomplete', values: { missing: 12, name: 'Others' } }),
        );
    });
  });
});

describe('validation sets', () => {
  it('are told apart, also where a version is called like what is held out', () => {
    inStore((store) => {
      const trained = versionOf(store, 'Cast', 10);
      const others = ['held-out', 'Others'].map((name) => versionOf(store, name, 3));
      const recipe = recipeSchema.parse({
        data: { version: trained.hash, holdOut: { share: 0.3 } },
        validation: { versions: others.map(({ hash }) => hash), pairs: 20 },
      });
      const sets = validationSets(trainingData(store, recipe), recipe);
      const hash = others[0]?.hash.slice(0, 12);
      expect(sets.map(({ name }) => name)).toEqual(['held-out', `held-out (${hash})`, 'Others']);
      expect(sets.map(({ same }) => same.length)).toEqual([20, 20, 20]);
    });
  });
});
