import { describe, expect, it } from 'vitest';
import { benchmarkHash } from '../../../src/main/store/benchmark-hash.ts';
import {
  addImages,
  countImages,
  forgetDatasetImages,
  imagesAt,
  pageImages,
  pendingImages,
  setImage,
} from '../../../src/main/store/benchmark-images.ts';
import {
  benchmarkMegaface,
  benchmarkPairs,
  benchmarkTemplates,
  isListed,
  putArrays,
} from '../../../src/main/store/benchmark-lists.ts';
import { markedPairs, markPairs } from '../../../src/main/store/benchmark-marks.ts';
import {
  addBenchmark,
  benchmarkByName,
  getBenchmark,
  listBenchmarks,
  removeBenchmark,
  renameBenchmark,
} from '../../../src/main/store/benchmarks.ts';
import type { Store } from '../../../src/main/store/database.ts';
import { addBlob } from '../../../src/main/store/files.ts';
import { record, redo, undo } from '../../../src/main/store/journal.ts';
import { orphanBlobs, orphanRows } from '../../../src/main/store/orphans.ts';
import { hashOf, inStore, problem } from './support.ts';

const quality = { overall: 0.5, sharpness: 0.6, brightness: 0.4, yaw: 1, pitch: 2, roll: 3 };
const about: Omit<Parameters<typeof addBenchmark>[1], 'name'> = {
  ...{ kind: 'verification', format: 'table', title: 'T', source: '/p', imagesSource: null },
  ...{ alignment: 'aligned', createdAt: 1 },
};

/** Three pictures, of which the last has a problem, and two pairs. */
function made(store: Store, name = 'B', people: readonly (string | null)[] = ['Ada', 'Ada', null]): number {
  return store.write((writer) => {
    const id = addBenchmark(writer, { ...about, name });
    const listed = people.map((person, i) => ({
      ...{ key: `${i}.jpg`, person, group: i === 2 ? 'g' : null, box: null, points: null, weight: null },
    }));
    addImages(writer, id, 0, listed);
    for (const i of [0, 1]) {
      const seen = { hash: hashOf(100 + i), path: null, width: 112, height: 112, points: null, box: null };
      setImage(writer, id, i, { ...seen, crop: hashOf(i), quality, problem: null });
    }
    setImage(writer, id, 2, { hash: null, path: '/p/2.jpg', width: null, height: null, crop: null, problem });
    putArrays(writer, id, {
      ...{ pairs: Int32Array.of(0, 1, 1, 2), same: Uint8Array.of(1, 0), folds: Int16Array.of(0, 1) },
    });
    return id;
  });
}

describe('benchmarks in the store', () => {
  it('are found by id and name, the newest first, and renamed', () => {
    inStore((store) => {
      const [one, other] = [made(store), made(store, 'C')];
      expect(listBenchmarks(store).map(({ id }) => id)).toEqual([other, one]);
      store.write((writer) => renameBenchmark(writer, one, 'D'));
      expect(benchmarkByName(store, 'D')?.id).toBe(one);
      expect(getBenchmark(store, one)).toMatchObject({
        name: 'D',
        hash: null,
        marked: 0,
        jobId: null,
        images: 0,
      });
      expect(getBenchmark(store, 99)).toBeNull();
    });
  });

  it('know their pictures: those to look at, those with problems, those that are searched for', () => {
    inStore((store) => {
      const id = made(store);
      expect(countImages(store, id)).toEqual({ images: 3, pending: 0, problems: 1 });
      const page = (show: 'all' | 'problems', search = '') =>
        pageImages(store, { benchmark: id, show, search }, 0, 10).items.map(({ index }) => index);
      expect([page('all'), page('problems'), page('all', 'ada'), page('all', '1.j')]).toEqual([
        [0, 1, 2],
        [2],
        [0, 1],
        [1],
      ]);
      expect(imagesAt(store, id, [2, 0, 7])).toMatchObject([
        { index: 2, crop: null, problem, original: true, quality: null, group: 'g' },
        { index: 0, crop: hashOf(0), problem: null, original: false, quality, person: 'Ada' },
      ]);
      store.write((writer) =>
        addImages(writer, id, 3, [
          {
            key: 'n',
            person: null,
            group: null,
            box: { x: 1, y: 2, width: 3, height: 4 },
            points: [1, 2],
            weight: 0.5,
          },
        ]),
      );
      expect(pendingImages(store, id, -1, 9)).toEqual([
        {
          position: 3,
          key: 'n',
          person: null,
          group: null,
          box: { x: 1, y: 2, width: 3, height: 4 },
          points: [1, 2],
          weight: 0.5,
        },
      ]);
      expect(pendingImages(store, id, 3, 9)).toEqual([]);
    });
  });

  it('keep lists of each kind', () => {
    inStore((store) => {
      const id = made(store);
      expect(isListed(store, id)).toBe(true);
      expect(benchmarkPairs(store, id)).toEqual({
        ...{ pairs: Int32Array.of(0, 1, 1, 2), same: Uint8Array.of(1, 0), folds: Int16Array.of(0, 1) },
      });
      expect([benchmarkMegaface(store, id), benchmarkTemplates(store, id)]).toEqual([null, null]);
      const [mega, ijb] = store.write((writer) =>
        ['M', 'I'].map((name) => addBenchmark(writer, { ...about, name })),
      );
      expect(isListed(store, mega ?? 0)).toBe(false);
      store.write((writer) => {
        putArrays(writer, mega ?? 0, {
          probes: Int32Array.of(0, 1),
          distractors: Int32Array.of(2),
          'noisy-probes': Int32Array.of(1),
        });
        putArrays(writer, ijb ?? 0, {
          ...{ 'template-id': Int32Array.of(7, 9, 11), 'template-subject': Int32Array.of(3, -1, 3) },
          ...{
            'member-image': Int32Array.of(0),
            'member-template': Int32Array.of(1),
            'member-media': Int32Array.of(5),
          },
          ...{
            pairs: Int32Array.of(0, 1, 2, 0),
            same: Uint8Array.of(0, 1),
            'template-probes': Int32Array.of(2),
          },
          ...{ 'gallery-templates': Int32Array.of(0, 1, 2), 'gallery-lengths': Int32Array.of(1, 2) },
          'gallery-names': new TextEncoder().encode('["S1","S2"]'),
        });
      });
      expect(benchmarkPairs(store, mega ?? 0)).toBeNull();
      expect(benchmarkMegaface(store, mega ?? 0)).toEqual({
        ...{ probes: Int32Array.of(0, 1), maskedProbes: null, distractors: Int32Array.of(2) },
        ...{ noisyProbes: Int32Array.of(1), noisyDistractors: new Int32Array() },
      });
      expect(benchmarkTemplates(store, ijb ?? 0)).toEqual({
        templates: [
          { id: 7, subject: 3 },
          { id: 9, subject: null },
          { id: 11, subject: 3 },
        ],
        members: { image: Int32Array.of(0), template: Int32Array.of(1), media: Int32Array.of(5) },
        pairs: { a: Int32Array.of(0, 2), b: Int32Array.of(1, 0), same: Uint8Array.of(0, 1) },
        galleries: [
          { name: 'S1', templates: Int32Array.of(0) },
          { name: 'S2', templates: Int32Array.of(1, 2) },
        ],
        probes: Int32Array.of(2),
      });
    });
  });

  it('have a hash of what is asked, not of how it is called', () => {
    inStore((store) => {
      const hash = (id: number): string => benchmarkHash(store, id, 'verification');
      const [one, same, named] = [made(store), made(store, 'C'), made(store, 'D', ['Ada', 'Bo', null])];
      expect(hash(one)).toBe(hash(same));
      expect(hash(one)).toMatch(/^[0-9a-f]{64}$/);
      const before = hash(one);
      expect(hash(named)).not.toBe(before);
      expect(benchmarkHash(store, one, 'megaface')).not.toBe(before);
      store.write((writer) => putArrays(writer, one, { folds: Int16Array.of(1, 0) }));
      expect(hash(one)).not.toBe(before);
      store.write((writer) => putArrays(writer, one, { folds: Int16Array.of(0, 1) }));
      expect(hash(one)).toBe(before);
      store.write((writer) => putArrays(writer, one, { same: Uint8Array.of(1, 1) }));
      expect(hash(one)).not.toBe(before);
    });
  });

  it('have marks, which the journal takes back and puts there again', () => {
    inStore((store) => {
      const id = made(store);
      const mark = (pairs: readonly number[], marked: boolean): number =>
        store.write((writer) =>
          record(writer, 't', 1, (recorder) => markPairs(recorder, id, pairs, marked, 1)),
        );
      expect([mark([1, 0, 1], true), mark([0, 1], true), mark([0], false)]).toEqual([2, 0, 1]);
      expect(markedPairs(store, id)).toEqual([1]);
      expect(getBenchmark(store, id)?.marked).toBe(1);
      store.write(undo);
      expect(markedPairs(store, id)).toEqual([0, 1]);
      store.write(undo);
      expect(markedPairs(store, id)).toEqual([]);
      store.write(redo);
      expect(markedPairs(store, id)).toEqual([0, 1]);
      store.write((writer) => removeBenchmark(writer, id));
      store.write(undo); // takes nothing from nobody
      expect(() => store.write(redo)).toThrow(/can.t|cannot/i);
    });
  });

  it('hold crops, originals and embeddings until they go', () => {
    inStore((store) => {
      const id = made(store);
      store.write((writer) => {
        for (const [pack, hash] of [
          ['crops', 0],
          ['crops', 5],
          ['originals', 100],
          ['originals', 105],
        ] as const)
          addBlob(writer, pack, hashOf(hash), { file: 0, offset: hash, length: 1 });
        for (const crop of [0, 5])
          writer.run('INSERT INTO embedding (model, crop, row) VALUES (?, ?, ?)', ['m', hashOf(crop), crop]);
      });
      const orphans = () => ({
        crops: orphanBlobs(store, 'crops').map(({ hash }) => hash),
        originals: orphanBlobs(store, 'originals').map(({ hash }) => hash),
        rows: orphanRows(store).flatMap(({ crops }) => crops),
      });
      expect(orphans()).toEqual({ crops: [hashOf(5)], originals: [hashOf(105)], rows: [hashOf(5)] });
      store.write((writer) => removeBenchmark(writer, id));
      expect(orphans()).toEqual({
        ...{
          crops: [hashOf(0), hashOf(5)],
          originals: [hashOf(100), hashOf(105)],
          rows: [hashOf(0), hashOf(5)],
        },
      });
    });
  });

  it('lose the pictures of a dataset that is erased, with their names', () => {
    inStore((store) => {
      const [one, other] = [made(store), made(store, 'C')];
      const seen = { hash: hashOf(1), path: '/secret/1.jpg', width: 1, height: 1, points: null, box: null };
      store.write((writer) =>
        setImage(writer, one, 1, { ...seen, crop: hashOf(1), quality, problem: null }, 4),
      );
      expect(store.write((writer) => forgetDatasetImages(writer, 4, problem))).toEqual([one]);
      expect(store.write((writer) => forgetDatasetImages(writer, 4, problem))).toEqual([]);
      const all = JSON.stringify(
        store.all('SELECT * FROM benchmark_image WHERE benchmark_id = ? AND position = 1', [one]),
      );
      expect(all).not.toMatch(/secret|Ada|1\.jpg/);
      expect(countImages(store, one)).toEqual({ images: 3, pending: 0, problems: 2 });
      expect(countImages(store, other)).toEqual({ images: 3, pending: 0, problems: 1 });
    });
  });
});
