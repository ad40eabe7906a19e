import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { buildBenchmark } from '../../../src/main/app/benchmarks-build.ts';
import {
  benchmarkOverlaps,
  benchmarkSets,
  runVerifiedOn,
  validationBenchmarks,
} from '../../../src/main/app/training-benchmarks.ts';
import { overlapsOf, splitData } from '../../../src/main/app/training-data.ts';
import { withHashes } from '../../../src/main/app/training-recipe.ts';
import { createVersion } from '../../../src/main/app/versions.ts';
import { setImage } from '../../../src/main/store/benchmark-images.ts';
import { benchmarkPairs } from '../../../src/main/store/benchmark-lists.ts';
import {
  addBenchmark,
  benchmarksOfDataset,
  getBenchmark,
  type StoredBenchmark,
} from '../../../src/main/store/benchmarks.ts';
import type { Store } from '../../../src/main/store/database.ts';
import { addBlob } from '../../../src/main/store/files.ts';
import { hashOf, inStore, makeDataset, makeFace, makePerson, makePhoto, problem } from '../store/support.ts';

/** A version of eight people with four pictures each, and a benchmark of it. */
function scene(store: Store): {
  readonly benchmark: StoredBenchmark;
  readonly hash: string;
  readonly dataset: number;
} {
  const dataset = store.write((writer) => {
    const made = makeDataset(writer, 'Cast');
    const people = Array.from({ length: 8 }, (_, p) => makePerson(writer, `Person ${p}`));
    for (const [i, person] of people.flatMap((one) => [one, one, one, one]).entries()) {
      const photo = makePhoto(writer, made, `${i}.jpg`, { hash: hashOf(1000 + i) });
      makeFace(writer, { photo, dataset: made, crop: hashOf(i), person, named: 'user' });
      addBlob(writer, 'crops', hashOf(i), { file: 0, offset: i * 10, length: 10 });
    }
    return made;
  });
  const version = createVersion(store, [{ id: dataset, name: 'Cast' }], { name: null, minQuality: 0, at: 1 });
  const id = buildBenchmark(store, {
    version: version.id,
    name: 'Pairs',
    pairs: 20,
    folds: 2,
    seed: 0,
    at: 1,
  });
  return { benchmark: found(store, id), hash: version.hash, dataset };
}

function found(store: Store, id: number): StoredBenchmark {
  const benchmark = getBenchmark(store, id);
  if (benchmark === null) throw new Error(`no benchmark ${id}`);
  return benchmark;
}

describe('benchmarks that a run is verified on', () => {
  it('are found by name and by hash; recipes keep the hash', () => {
    inStore((store) => {
      const { benchmark, hash } = scene(store);
      const json = { data: { version: 'Cast' }, validation: { benchmarks: ['Pairs', 'gone'] } };
      expect(withHashes(store, json)).toEqual({
        data: { version: hash },
        validation: { benchmarks: [benchmark.hash, 'gone'] },
      });
      const recipe = recipeSchema.parse({
        data: { version: hash },
        validation: { benchmarks: [benchmark.hash?.slice(0, 12)] },
      });
      expect(validationBenchmarks(store, recipe).map(({ id }) => id)).toEqual([benchmark.id]);
      const lost = { validation: { ...recipe.validation, benchmarks: ['gone'] } };
      expect(() => validationBenchmarks(store, lost)).toThrow(/no benchmark gone/);
      store.write((writer) =>
        addBenchmark(writer, {
          ...{
            name: 'Mega',
            kind: 'megaface',
            format: 'megaface',
            title: '',
            source: '',
            imagesSource: null,
          },
          ...{ alignment: 'detect', createdAt: 1 },
        }),
      );
      const mega = { validation: { ...recipe.validation, benchmarks: ['Mega'] } };
      expect(() => validationBenchmarks(store, mega)).toThrow(/no pairs of pictures/);
      expect(runVerifiedOn(store, benchmark)).toBeNull();
    });
  });

  it('give their pairs in order, without those of lost pictures and those that are marked', () => {
    inStore((store) => {
      const { benchmark } = scene(store);
      const stored = benchmarkPairs(store, benchmark.id);
      const [whole] = benchmarkSets(store, [benchmark], ['held-out', 'Pairs']);
      expect(whole).toMatchObject({ name: 'Pairs 2', pairs: stored?.pairs, same: stored?.same });
      const { crops } = whole ?? {};
      expect(crops?.lengths.every((length) => length === 10)).toBe(true);
      expect(crops?.classes).toHaveLength(benchmark.images);
      const lost = stored?.pairs[0] ?? -1;
      store.write((writer) => {
        writer.run('INSERT INTO benchmark_mark (benchmark_id, pair, at) VALUES (?, 19, 1)', [benchmark.id]);
        setImage(writer, benchmark.id, lost, {
          hash: null,
          path: null,
          width: null,
          height: null,
          crop: null,
          problem,
        });
      });
      const [rest] = benchmarkSets(store, [benchmark], []);
      const kept = [...(stored?.same ?? []).keys()].filter(
        (pair) => pair !== 19 && stored?.pairs[2 * pair] !== lost && stored?.pairs[2 * pair + 1] !== lost,
      );
      expect(rest?.name).toBe('Pairs');
      expect([...(rest?.same ?? [])]).toEqual(kept.map((pair) => stored?.same[pair]));
      expect([...(rest?.pairs ?? [])]).toEqual(
        kept.flatMap((pair) => [...(stored?.pairs.slice(2 * pair, 2 * pair + 2) ?? [])]),
      );
    });
  });

  it('tell people who are trained on, however their names are written', () => {
    inStore((store) => {
      const { benchmark, hash, dataset } = scene(store);
      const [overlap] = benchmarkOverlaps(store, [benchmark], ['person_3', 'PERSON 5', 'Nobody']);
      expect(overlap).toMatchObject({ set: 'Pairs', identities: 2 });
      expect(overlap?.images).toBeGreaterThan(1);
      expect(benchmarkOverlaps(store, [benchmark], ['Nobody'])).toEqual([]);
      const recipe = recipeSchema.parse({ data: { version: hash, holdOut: { share: 0.5 } } });
      const trained = overlapsOf(store, splitData(store, recipe), [benchmark]);
      expect(trained).toMatchObject([{ set: 'Pairs', identities: 4 }]);
      expect(benchmarksOfDataset(store, dataset)).toEqual([benchmark.hash]);
    });
  });
});
