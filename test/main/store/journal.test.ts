import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../src/core/base/random.ts';
import { openStore, type Store } from '../../../src/main/store/database.ts';
import {
  clearJournal,
  listJournal,
  type Recorder,
  record,
  redo,
  undo,
} from '../../../src/main/store/journal.ts';
import {
  inStore,
  makeCluster,
  makeDataset,
  makeFace,
  makePerson,
  makePhoto,
  snapshot,
  tempDir,
} from './support.ts';

/** Two datasets of faces, some named. */
function fill(store: Store): void {
  store.write((writer) => {
    const people = ['Ada', 'Grace', 'Emmy'].map((name) => makePerson(writer, name));
    const clusters = [makeCluster(writer), makeCluster(writer)];
    for (const name of ['A', 'B']) {
      const dataset = makeDataset(writer, name);
      for (let i = 0; i < 8; i++) {
        const photo = makePhoto(writer, dataset, `${i}.jpg`);
        makeFace(writer, {
          photo,
          dataset,
          person: i % 2 === 0 ? (people[i % 3] ?? null) : null,
          cluster: clusters[i % 2] ?? null,
        });
      }
    }
  });
}

const idsOf = (recorder: Recorder, table: string): number[] =>
  recorder.all<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`).map((row) => row.id);

/** Something that a user might do. */
function act(random: Random, recorder: Recorder, serial: number): void {
  const some = (table: string, most: number): number[] => {
    const ids = idsOf(recorder, table);
    return Array.from(
      { length: Math.min(1 + random.int(most), ids.length) },
      () => ids[random.int(ids.length)] ?? 0,
    );
  };
  switch (random.int(8)) {
    case 0:
      recorder.update('face', some('face', 5), { state: ['kept', 'aside', 'rejected'][random.int(3)] ?? '' });
      return;
    case 1: {
      const person = recorder.insert('person', { name: `Person ${serial}`, created_at: serial });
      recorder.update('face', some('face', 4), { person_id: person, named: 'user' });
      return;
    }
    case 2:
      recorder.update('face', some('face', 4), { person_id: null, named: null });
      return;
    case 3:
      recorder.update('dataset', some('dataset', 1), { removed: random.int(2) });
      return;
    case 4: {
      // The same rows several times over in one action, there and back.
      const faces = some('face', 3);
      for (const x of [1, 2, 1, 3]) recorder.update('face', faces, { x, points: `[${x},${serial}]` });
      return;
    }
    case 5: {
      const [face] = some('face', 1);
      const [person] = some('person', 1);
      const known = recorder.get('SELECT 1 FROM not_person WHERE face_id = ? AND person_id = ?', [
        face ?? 0,
        person ?? 0,
      ]);
      if (known === undefined && person !== undefined)
        recorder.insert('not_person', { face_id: face ?? 0, person_id: person });
      return;
    }
    case 6: {
      const unused = recorder.all<{ id: number }>(
        `SELECT id FROM person n WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.person_id = n.id)
         AND NOT EXISTS (SELECT 1 FROM not_person d WHERE d.person_id = n.id)`,
      );
      recorder.remove(
        'person',
        unused.map((row) => row.id),
      );
      return;
    }
    default:
      for (const person of some('person', 2))
        recorder.update('person', [person], { name: `Renamed ${serial} ${person}` });
  }
}

describe('the journal', () => {
  it.each([1, 2, 3, 4, 5, 6])('takes back and does again any row of actions (seed %i)', (seed) => {
    const folder = tempDir();
    const path = join(folder.dir, 'lineament.db');
    let store = openStore(path);
    try {
      fill(store);
      const random = seededRandom(seed);
      const states = [snapshot(store)];
      for (let serial = 1; states.length < 40; serial++) {
        store.write((writer) =>
          record(writer, `action ${serial}`, serial, (recorder) => act(random, recorder, serial)),
        );
        const entries = listJournal(store, 0, 1).total;
        if (entries === states.length) states.push(snapshot(store));
      }
      for (let at = states.length - 2; at >= 0; at--) {
        expect(store.write(undo)?.undone).toBe(true);
        expect(snapshot(store), `after undoing to ${at}`).toEqual(states[at]);
        if (at === 20) {
          store.close();
          store = openStore(path);
        }
      }
      expect(store.write(undo)).toBeNull();
      for (let at = 1; at < states.length; at++) {
        expect(store.write(redo)?.undone).toBe(false);
        expect(snapshot(store), `after redoing to ${at}`).toEqual(states[at]);
      }
      expect(store.write(redo)).toBeNull();
    } finally {
      store.close();
      folder.remove();
    }
  });

  it('forgets what was undone once something else is done', () => {
    inStore((store) => {
      fill(store);
      const name = (title: string): void =>
        void store.write((writer) =>
          record(writer, title, 0, (recorder) => recorder.update('person', [1], { name: title })),
        );
      name('first');
      name('second');
      store.write(undo);
      name('third');
      expect(store.write(redo)).toBeNull();
      expect(listJournal(store, 0, 10).items.map((entry) => entry.title)).toEqual(['third', 'first']);
    });
  });

  it('notes nothing where nothing changed', () => {
    inStore((store) => {
      fill(store);
      store.write((writer) =>
        record(writer, 'nothing', 0, (recorder) => {
          recorder.update('person', [1], { name: 'Ada' });
          recorder.update('face', [999], { state: 'aside' });
        }),
      );
      expect(listJournal(store, 0, 10).total).toBe(0);
    });
  });

  it('says so where a name is taken by now, and changes nothing', () => {
    inStore((store) => {
      fill(store);
      store.write((writer) =>
        record(writer, 'Removed “A”', 0, (recorder) => recorder.update('dataset', [1], { removed: 1 })),
      );
      store.write((writer) => makeDataset(writer, 'A'));
      const before = snapshot(store);
      expect(() => store.write(undo)).toThrow(/Removed “A”/);
      expect(snapshot(store)).toEqual(before);
      expect(listJournal(store, 0, 1).items[0]?.undone).toBe(false);
      store.write((writer) => writer.run(`UPDATE dataset SET name = 'A2' WHERE id = 3`));
      expect(store.write(undo)?.undone).toBe(true);
    });
  });

  it('keeps a person whom labels gave faces since', () => {
    inStore((store) => {
      fill(store);
      store.write((writer) =>
        record(writer, 'Named', 0, (recorder) => {
          const person = recorder.insert('person', { name: 'New', created_at: 0 });
          recorder.update('face', [1], { person_id: person, named: 'user' });
        }),
      );
      store.write((writer) => writer.run('UPDATE face SET person_id = 4, named = ? WHERE id = 2', ['label']));
      store.write(undo);
      expect(store.get('SELECT person_id FROM face WHERE id = 2')).toEqual({ person_id: 4 });
      store.write(redo);
      expect(store.get('SELECT person_id FROM face WHERE id = 1')).toEqual({ person_id: 4 });
    });
  });

  it('writes only to what it may', () => {
    inStore((store) => {
      fill(store);
      expect(() =>
        store.write((writer) =>
          record(writer, 'no', 0, (recorder) => recorder.update('photo', [1], { hash: 'x' })),
        ),
      ).toThrow(/photo.hash/);
      store.write((writer) =>
        writer.run(`INSERT INTO journal (at, title, changes) VALUES (0, 'forged', ?)`, [
          JSON.stringify([{ table: 'setting', ids: [1], before: null, after: { key: 'a' } }]),
        ]),
      );
      expect(() => store.write(undo)).toThrow(/setting/);
    });
  });

  it('is empty after it was cleared', () => {
    inStore((store) => {
      fill(store);
      store.write((writer) =>
        record(writer, 'x', 0, (recorder) => recorder.update('person', [1], { name: 'X' })),
      );
      store.write(clearJournal);
      expect(store.write(undo)).toBeNull();
    });
  });
});
