import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVersion, resolveVersion } from '../../../src/main/app/versions.ts';
import { openStore, type Reader, type Store, type Writer } from '../../../src/main/store/database.ts';
import { eraseDataset } from '../../../src/main/store/datasets.ts';
import { addBlob } from '../../../src/main/store/files.ts';
import { orphanBlobs, removeOrphanPeople } from '../../../src/main/store/orphans.ts';
import { canonical, type VersionCrop, versionHash } from '../../../src/main/store/version-list.ts';
import {
  forgetDatasetItems,
  getVersion,
  getVersionDetail,
  listVersions,
  removeVersion,
  renameVersion,
  versionIdentities,
  versionPlaces,
  versionsByHash,
} from '../../../src/main/store/versions.ts';
import { fillBigStore } from '../../support/big-store.ts';
import {
  hashOf,
  inStore,
  listening,
  makeDataset,
  makeFace,
  makePerson,
  makePhoto,
  planOf,
  tempDir,
} from './support.ts';

const crop = (n: number, identity: string): VersionCrop => ({
  ...{ crop: hashOf(n), identity, dataset: 1, solver: 'umeyama', side: 112 },
});

describe('the hash of a version', () => {
  it('is SHA-256 over the sorted lines, whatever order and copies there were', () => {
    const list = [crop(2, 'Zoë "Z"'), crop(1, 'B'), crop(2, 'Ada'), crop(1, 'B')];
    const lines = [`${hashOf(1)} "B"`, `${hashOf(2)} "Ada"`, `${hashOf(2)} "Zoë \\"Z\\""`];
    const expected = createHash('sha256')
      .update(`lineament version 1\n${lines.join('\n')}\n`)
      .digest('hex');
    expect(versionHash(canonical(list))).toBe(expected);
    expect(versionHash(canonical(list.toReversed()))).toBe(expected);
    expect(versionHash(canonical([...list, crop(3, 'Ada')]))).not.toBe(expected);
    expect(versionHash(canonical(list.map((item) => ({ ...item, identity: 'B' }))))).not.toBe(expected);
  });

  it('does not hang on how many lines are hashed at a time', () => {
    const list = Array.from({ length: 9001 }, (_, i) => crop(i, 'A'));
    const lines = list.map((item) => `${item.crop} "A"\n`).join('');
    expect(versionHash(list)).toBe(
      createHash('sha256').update(`lineament version 1\n${lines}`).digest('hex'),
    );
  });
});

/** Two datasets: Ada in both (crop 1 the same), Ben in the first, Cy in the second; and faces that don't count. */
function world(writer: Writer): { a: number; b: number } {
  const [a, b] = [makeDataset(writer, 'A'), makeDataset(writer, 'B')];
  const people = ['Ada', 'Ben', 'Cy'].map((name) => makePerson(writer, name));
  const face = (dataset: number, n: number, person: number | null, more: object = {}): void => {
    const photo = makePhoto(writer, dataset, `${n} ${Math.random()}`, { hash: hashOf(1000 + n) });
    makeFace(writer, { photo, dataset, crop: hashOf(n), person, named: 'user', ...more });
    addBlob(writer, 'crops', hashOf(n), { file: 0, offset: n * 100, length: 100 });
  };
  face(a, 1, people[0] ?? 0, { overall: 0.9 });
  face(a, 2, people[0] ?? 0, { overall: 0.2 });
  face(a, 3, people[1] ?? 0, { overall: 0.9 });
  face(a, 4, null);
  face(a, 5, people[1] ?? 0, { state: 'aside' });
  face(b, 1, people[0] ?? 0, { overall: 0.9 });
  face(b, 6, people[2] ?? 0, { overall: 0.9 });
  return { a, b };
}

const both = (store: Store): { id: number; name: string }[] =>
  store.all('SELECT id, name FROM dataset ORDER BY id');
const usual = { name: null, minQuality: 0, at: 5 };

describe('a version', () => {
  it('holds the kept, named faces, once each, and is there once', () => {
    inStore((store) => {
      store.write(world);
      const made = createVersion(store, both(store), usual);
      expect(made).toMatchObject({
        ...{ name: 'A + B', images: 4, identities: 3, runs: 0, missing: 0, createdAt: 5 },
        datasets: [
          { id: 1, name: 'A' },
          { id: 2, name: 'B' },
        ],
      });
      expect(createVersion(store, both(store).toReversed(), { ...usual, name: 'Other', at: 9 })).toEqual(
        made,
      );
      expect(getVersionDetail(store, made.id)).toEqual({
        ...made,
        sizes: [
          [1, 2],
          [2, 1],
        ],
        solvers: { umeyama: 4 },
        cropSides: [112, 112],
      });
      expect([...versionIdentities(store, made.id)]).toEqual([
        [0, 'Ada'],
        [1, 'Ben'],
        [2, 'Cy'],
      ]);
      expect(versionPlaces(store, made.id)).toEqual(
        [1, 2, 3, 6].map((n, i) => ({
          ...{ crop: hashOf(n), identity: [0, 0, 1, 2][i], file: 0, offset: n * 100, length: 100 },
        })),
      );
    });
  });

  it('leaves out faces of a lower quality, gets a name of its own, and may be empty by no means', () => {
    inStore((store) => {
      store.write(world);
      const first = createVersion(store, both(store), usual);
      const better = createVersion(store, both(store), { ...usual, minQuality: 0.5 });
      expect(better).toMatchObject({ name: 'A + B 2', images: 3 });
      expect(better.hash).not.toBe(first.hash);
      expect(() => createVersion(store, both(store), { ...usual, minQuality: 1 })).toThrow(
        expect.objectContaining({ code: 'version/empty' }),
      );
      expect(() => createVersion(store, both(store).slice(0, 1), { ...usual, name: 'A + B' })).toThrow(
        expect.objectContaining({ code: 'version/exists' }),
      );
      expect(listVersions(store).map(({ name }) => name)).toEqual(['A + B 2', 'A + B']);
      store.write((writer) => renameVersion(writer, better.id, 'Sharp'));
      expect(getVersion(store, better.id)?.name).toBe('Sharp');
      store.write((writer) => removeVersion(writer, better.id));
      expect(getVersion(store, better.id)).toBeNull();
      expect(store.get('SELECT count(*) AS n FROM version_item')).toEqual({ n: first.images });
    });
  });

  it('is found by name and by the first characters of its hash', () => {
    inStore((store) => {
      store.write(world);
      const made = createVersion(store, both(store), usual);
      const other = createVersion(store, both(store), { ...usual, minQuality: 0.5 });
      expect(resolveVersion(store, 'A + B').id).toBe(made.id);
      expect(resolveVersion(store, made.hash).id).toBe(made.id);
      expect(resolveVersion(store, other.hash.slice(0, 10).toUpperCase()).id).toBe(other.id);
      store.write((writer) => {
        writer.run('UPDATE version SET hash = ? WHERE id = ?', [hashOf(0xab), made.id]);
        writer.run('UPDATE version SET hash = ? WHERE id = ?', [hashOf(0xac), other.id]);
      });
      expect(() => resolveVersion(store, '00000')).toThrow(
        expect.objectContaining({ code: 'version/ambiguous', message: expect.stringContaining('A + B 2') }),
      );
      expect(() => resolveVersion(store, 'ffff')).toThrow(
        expect.objectContaining({ code: 'version/unknown', message: expect.stringContaining('A + B (0000') }),
      );
    });
  });
});

describe('erasing a dataset', () => {
  const erase = (store: Store, dataset: number): void =>
    store.write((writer) => {
      forgetDatasetItems(writer, dataset);
      eraseDataset(writer, dataset);
      removeOrphanPeople(writer);
    });

  it('takes its pictures and names out of the versions, but for those that another dataset of them has', () => {
    inStore((store) => {
      const { a } = store.write(world);
      const made = createVersion(store, both(store), usual);
      const alone = createVersion(store, both(store).slice(0, 1), usual);
      erase(store, a);
      expect(getVersion(store, made.id)).toMatchObject({
        ...{ images: 4, identities: 3, missing: 2, hash: made.hash },
        datasets: [
          { id: null, name: 'A' },
          { id: 2, name: 'B' },
        ],
      });
      expect([...versionIdentities(store, made.id).values()]).toEqual(['Ada', 'Cy']);
      expect(versionPlaces(store, made.id).map((item) => item.crop)).toEqual([hashOf(1), hashOf(6)]);
      // Ada’s first picture is in B too, but this version was made of A alone.
      expect(getVersion(store, alone.id)).toMatchObject({ missing: 3 });
      expect(versionIdentities(store, alone.id).size).toBe(0);
      const left = store.all<{ hash: string }>(
        `SELECT hash FROM blob WHERE hash IN (SELECT crop FROM version_item) ORDER BY hash`,
      );
      expect(left.map(({ hash }) => hash)).toEqual([hashOf(1), hashOf(6)]);
      expect(orphanBlobs(store, 'crops').map(({ hash }) => hash)).toEqual([2, 3, 4, 5].map(hashOf));
    });
  });

  it('takes a name out that only the erased dataset gave, also where another has the picture by another name', () => {
    inStore((store) => {
      const { a, b } = store.write(world);
      store.write((writer) => {
        const alias = makePerson(writer, 'Alias');
        writer.run('UPDATE face SET person_id = ? WHERE dataset_id = ? AND crop = ?', [alias, a, hashOf(1)]);
        writer.run(`UPDATE face SET state = 'aside' WHERE dataset_id = ? AND crop = ?`, [a, hashOf(2)]);
      });
      const made = createVersion(store, both(store), usual);
      expect(made).toMatchObject({ images: 4, identities: 4 });
      erase(store, a);
      expect([...versionIdentities(store, made.id).values()]).toEqual(['Ada', 'Cy']);
      expect(versionPlaces(store, made.id).map((item) => item.crop)).toEqual([hashOf(1), hashOf(6)]);
      expect(getVersion(store, made.id)?.missing).toBe(2);
      expect(b).toBe(2);
    });
  });

  it('leaves a version that is whole again once the same pictures are there again', () => {
    inStore((store) => {
      store.write(world);
      const made = createVersion(store, both(store), usual);
      const [before, names] = [versionPlaces(store, made.id), versionIdentities(store, made.id)];
      erase(store, 1);
      store.write((writer) => {
        const again = makeDataset(writer, 'A');
        const people = ['Ada', 'Ada', 'Ben'].map(
          (name) =>
            writer.get<{ id: number }>('SELECT id FROM person WHERE name = ?', [name])?.id ??
            makePerson(writer, name),
        );
        for (const [i, person] of people.entries()) {
          const photo = makePhoto(writer, again, `again ${i}`, { hash: hashOf(2000 + i) });
          makeFace(writer, { photo, dataset: again, crop: hashOf(i + 1), person, named: 'user' });
        }
      });
      const datasets = store.all<{ id: number; name: string }>('SELECT id, name FROM dataset ORDER BY name');
      const whole = createVersion(store, datasets, { ...usual, name: 'Again', at: 9 });
      expect(whole).toMatchObject({ id: made.id, hash: made.hash, name: 'A + B', missing: 0 });
      expect(whole.datasets).toEqual(datasets);
      expect(versionPlaces(store, made.id)).toEqual(before);
      expect(versionIdentities(store, made.id)).toEqual(names);
    });
  });

  it('keeps crops that were cut anew since a version was made', () => {
    inStore((store) => {
      const { a } = store.write(world);
      createVersion(store, both(store), usual);
      store.write((writer) => writer.run('UPDATE face SET crop = ? WHERE crop = ?', [hashOf(60), hashOf(6)]));
      erase(store, a);
      expect(orphanBlobs(store, 'crops').map(({ hash }) => hash)).not.toContain(hashOf(6));
    });
  });
});

describe('a version of 20,000 faces', () => {
  let folder: ReturnType<typeof tempDir>;
  let store: Store;
  beforeAll(() => {
    folder = tempDir();
    store = openStore(`${folder.dir}/lineament.db`);
    store.write((writer) => {
      fillBigStore(writer, 20_000);
      writer.run(`UPDATE face SET person_id = 1 + id % 400, state = 'kept'`);
      writer.run(
        `INSERT INTO blob (hash, pack, file, offset, length) SELECT crop, 'crops', 0, id * 100, 100 FROM face`,
      );
    });
  }, 60_000);
  afterAll(() => {
    store.close();
    folder.remove();
  });

  it('is made and read by indexes, and its rows are complete', () => {
    const named = store.get<{ n: number }>(
      `SELECT count(*) AS n FROM face WHERE state = 'kept' AND person_id IS NOT NULL`,
    );
    const made = createVersion(store, both(store), usual);
    expect(made.images).toBe(named?.n);
    expect(made.images).toBe(20_000);
    expect(versionPlaces(store, made.id)).toHaveLength(made.images);
    const steps = (work: (reader: Reader) => unknown): string => {
      const reader = listening(store);
      work(reader);
      return [...reader.asked].flatMap((sql) => planOf(store, sql)).join('\n');
    };
    expect(steps((reader) => versionPlaces(reader, made.id))).toMatch(
      /SEARCH i USING PRIMARY KEY \(version_id=\?\)\nSEARCH b USING PRIMARY KEY \(pack=\? AND hash=\?\)$/,
    );
    expect(steps((reader) => getVersionDetail(reader, made.id))).toMatch(
      /SEARCH version_item USING PRIMARY KEY/,
    );
    expect(steps((reader) => versionsByHash(reader, 'ab'))).toMatch(
      /SEARCH v USING INDEX .*\(hash>\? AND hash<\?\)/,
    );
    // Erasing reads all items, but once: not for every blob.
    expect(steps((reader) => orphanBlobs(reader, 'crops'))).toMatch(/LIST SUBQUERY \d+\nSCAN i/);
  });
});
