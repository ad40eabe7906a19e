import { describe, expect, it } from 'vitest';
import {
  facesOfCluster,
  getCluster,
  pageClusters,
  replaceClusters,
} from '../../../src/main/store/clusters.ts';
import { getFaces } from '../../../src/main/store/faces.ts';
import { removeOrphanPeople } from '../../../src/main/store/orphans.ts';
import { pagePeople, pageSuggestions, replaceSuggestions } from '../../../src/main/store/people.ts';
import { inStore, makeCluster, makeDataset, makeFace, makePerson, makePhoto } from './support.ts';

describe('people and clusters', () => {
  it('count kept faces of datasets that are there', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const removed = makeDataset(writer, 'B');
        writer.run('UPDATE dataset SET removed = 1 WHERE id = ?', [removed]);
        const photo = makePhoto(writer, dataset, 'a');
        const hidden = makePhoto(writer, removed, 'b');
        const [ada, grace, nobody] = ['Ada', 'Grace', 'Nobody'].map((name) => makePerson(writer, name));
        const cluster = makeCluster(writer);
        for (const overall of [0.2, 0.9, 0.5])
          makeFace(writer, { photo, dataset, person: ada ?? 0, cluster, overall, crop: `${overall}` });
        makeFace(writer, { photo, dataset, person: grace ?? 0, cluster });
        makeFace(writer, { photo, dataset, person: grace ?? 0, state: 'aside', cluster });
        makeFace(writer, { photo: hidden, dataset: removed, person: grace ?? 0, cluster });
        makeFace(writer, { photo, dataset, cluster });
        expect(pagePeople(writer, '', 0, 9)).toMatchObject({
          total: 2,
          items: [
            { name: 'Ada', faces: 3, covers: ['0.9', '0.5', '0.2'] },
            { name: 'Grace', faces: 1 },
          ],
        });
        expect(pagePeople(writer, 'RAC', 0, 9).items.map((person) => person.name)).toEqual(['Grace']);
        expect(getCluster(writer, cluster)).toMatchObject({
          size: 5,
          unnamed: 1,
          suggestion: { name: 'Ada' },
        });
        expect(facesOfCluster(writer, cluster, true)).toHaveLength(1);
        expect(pageClusters(writer, 'unnamed', 2, 0, 9).total).toBe(0);
        expect(pageClusters(writer, 'all', 2, 0, 9).items.map((item) => item.size)).toEqual([5]);
        removeOrphanPeople(writer);
        expect(writer.all('SELECT name FROM person ORDER BY id')).toEqual([
          { name: 'Ada' },
          { name: 'Grace' },
        ]);
        expect(nobody).toBe(3);
      }),
    );
  });

  it('are clustered anew without disturbing who is not among them', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const photo = makePhoto(writer, dataset, 'a');
        const cluster = makeCluster(writer);
        const faces = [1, 2, 3, 4].map(() => makeFace(writer, { photo, dataset, cluster }));
        replaceClusters(writer, [faces.slice(0, 2), faces.slice(2, 3)], 1);
        const [a, b, c, d] = getFaces(writer, faces).map((face) => face.clusterId);
        expect(a).toBe(b);
        expect(new Set([a, c, d]).size).toBe(3);
        expect(d).toBe(cluster);
      }),
    );
  });

  it('have suggestions of their datasets replaced; what went since is passed over', () => {
    inStore((store) =>
      store.write((writer) => {
        const [a, b] = ['A', 'B'].map((name) => makeDataset(writer, name));
        const person = makePerson(writer, 'Ada');
        let serial = 0;
        const make = (dataset = 0): number =>
          makeFace(writer, { photo: makePhoto(writer, dataset, `${serial++}`), dataset });
        const [one, two, three] = [make(a), make(a), make(b)];
        const suggestion = (face = 0, similarity = 0.5) => ({ face, person, similarity });
        replaceSuggestions(writer, [a ?? 0, b ?? 0], [suggestion(one), suggestion(three, 0.75)]);
        replaceSuggestions(
          writer,
          [a ?? 0],
          [suggestion(two, 0.25), suggestion(99), { ...suggestion(one), person: 9 }],
        );
        const page = pageSuggestions(writer, null, 0, 9);
        expect(page.items.map((item) => [item.face.id, item.similarity])).toEqual([
          [three, 0.75],
          [two, 0.25],
        ]);
        expect(page.total).toBe(2);
        writer.run('INSERT INTO not_person (face_id, person_id) VALUES (?, ?)', [three ?? 0, person]);
        expect(pageSuggestions(writer, person, 0, 9).items.map((item) => item.face.id)).toEqual([two]);
        writer.run('UPDATE face SET person_id = ? WHERE id = ?', [person, two ?? 0]);
        expect(pageSuggestions(writer, null, 0, 9)).toEqual({ total: 0, items: [] });
      }),
    );
  });
});
