import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { faceFilter } from '../../../src/core/contract/faces.ts';
import { jobKinds } from '../../../src/core/contract/jobs.ts';
import { queueOf } from '../../../src/main/app/curation.ts';
import {
  facesOfCluster,
  getCluster,
  pageClusters,
  replaceClusters,
} from '../../../src/main/store/clusters.ts';
import {
  addDataset,
  addSources,
  findDataset,
  getDataset,
  getSource,
  scopeOf,
} from '../../../src/main/store/datasets.ts';
import { countMissing, embeddedFaces, missingCrops } from '../../../src/main/store/embeddings.ts';
import { faceIds, firstUnknownFace, getFaces, pageFaces } from '../../../src/main/store/faces.ts';
import {
  addBlob,
  addEmbeddings,
  committedRows,
  findBlob,
  forgetModelRows,
  packEnd,
  setPackEnd,
} from '../../../src/main/store/files.ts';
import {
  addJob,
  clearJobs,
  getJob,
  listJobs,
  nextQueued,
  pauseInterrupted,
  saveJob,
  waitingFor,
} from '../../../src/main/store/jobs.ts';
import {
  blobPlaces,
  orphanBlobs,
  orphanRows,
  removeOrphanPeople,
  unusedRows,
} from '../../../src/main/store/orphans.ts';
import { pagePeople, pageSuggestions, replaceSuggestions } from '../../../src/main/store/people.ts';
import {
  countPending,
  countQueue,
  findAlignedTwin,
  forgetAlignment,
  type ImportedPhoto,
  importedAligned,
  likePattern,
  nextPending,
  pagePhotos,
  putPhoto,
  queueBits,
  setAligned,
  settleQuality,
  unchanged,
} from '../../../src/main/store/photos.ts';
import { changeSettings, getSettings, setValue } from '../../../src/main/store/settings.ts';
import { hashOf, inStore, makeCluster, makeDataset, makeFace, makePerson, makePhoto } from './support.ts';

const imported = (some: Partial<ImportedPhoto> = {}): ImportedPhoto => ({
  ...{ key: 'a.jpg', label: null, path: '/p/a.jpg', hash: hashOf(1), bytes: 10, modified: 5 },
  ...{ width: 100, height: 80, problem: null },
  ...some,
});
const problem = { code: 'image/truncated', message: 'm', hint: 'h', values: {} };

describe('photographs', () => {
  it('are added once, and known again while they do not change', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const id = putPhoto(writer, dataset, imported());
        expect(putPhoto(writer, dataset, imported())).toBe(id);
        const asked = [
          { key: 'a.jpg', bytes: 10, modified: 5 },
          { key: 'a.jpg', bytes: 11, modified: 5 },
          { key: 'a.jpg', bytes: 10, modified: 6 },
          { key: 'b.jpg', bytes: 10, modified: 5 },
        ];
        const first = asked.slice(0, 1);
        const plain = { copied: false, aligned: false };
        expect(unchanged(writer, dataset, asked, plain)).toEqual([true, false, false, false]);
        expect(unchanged(writer, dataset, first, { ...plain, copied: true })).toEqual([false]); // no copy of it is kept
        putPhoto(writer, dataset, imported({ path: null }));
        expect(unchanged(writer, dataset, first, { ...plain, copied: true })).toEqual([true]);
        expect(unchanged(writer, dataset + 1, asked, plain)).toEqual([false, false, false, false]);
      }),
    );
  });

  it('that were imported as aligned crops wait for no detector until that is forgotten', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const crop = putPhoto(writer, dataset, imported());
        const other = putPhoto(writer, dataset, imported({ key: 'b.jpg', hash: hashOf(2) }));
        const asked = [{ key: 'a.jpg', bytes: 10, modified: 5 }];
        expect(unchanged(writer, dataset, asked, { copied: false, aligned: true })).toEqual([false]);
        setAligned(writer, crop, importedAligned, null);
        expect(unchanged(writer, dataset, asked, { copied: false, aligned: true })).toEqual([true]);
        expect(countPending(writer, dataset, 'detector')).toBe(1);
        expect(nextPending(writer, dataset, 'detector', 0, 9).map(({ id }) => id)).toEqual([other]);
        forgetAlignment(writer, dataset);
        expect(nextPending(writer, dataset, 'detector', 0, 9).map(({ id }) => id)).toEqual([crop, other]);
        expect(unchanged(writer, dataset, asked, { copied: false, aligned: true })).toEqual([false]);
      }),
    );
  });

  it('keep their faces where a file cannot be read just now', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const photo = putPhoto(writer, dataset, imported());
        const person = makePerson(writer, 'Ada');
        makeFace(writer, { photo, dataset, person, named: 'user' });
        setAligned(writer, photo, 'mtcnn', null);
        const gone = { hash: null, bytes: 0, modified: 0, width: 0, height: 0, problem };
        putPhoto(writer, dataset, imported(gone));
        expect(pageFaces(writer, faceFilter.parse({}), 0, 10).total).toBe(1);
        expect(pagePhotos(writer, { dataset, show: 'problems', reason: null, search: '' }, 0, 9).total).toBe(
          1,
        );
        putPhoto(writer, dataset, imported());
        expect(
          pagePhotos(writer, { dataset, show: 'aligned', reason: null, search: '' }, 0, 9).items,
        ).toMatchObject([{ problem: null, faces: 1, width: 100 }]);
      }),
    );
  });

  it('wait for a new alignment where their content changed, and lose faces only with another size', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const photo = putPhoto(writer, dataset, imported());
        setAligned(writer, photo, 'mtcnn', null);
        makeFace(writer, { photo, dataset });
        putPhoto(writer, dataset, imported({ hash: hashOf(2) }));
        expect(getDataset(writer, 'm', dataset)).toMatchObject({ pending: 1, faces: 1 });
        putPhoto(writer, dataset, imported({ hash: hashOf(3), width: 90 }));
        expect(getDataset(writer, 'm', dataset)).toMatchObject({ pending: 1, faces: 0 });
      }),
    );
  });

  it('lose the name that their label gave where the label changed, but not what the user gave', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const person = makePerson(writer, 'Ada');
        const photo = putPhoto(writer, dataset, imported({ label: 'Ada' }));
        makeFace(writer, { photo, dataset, person, named: 'label' });
        makeFace(writer, { photo, dataset, person, named: 'user' });
        putPhoto(writer, dataset, imported({ label: 'Grace' }));
        const names = getFaces(writer, [1, 2]).map((face) => [face.person, face.named]);
        expect(names).toEqual([
          [null, null],
          ['Ada', 'user'],
        ]);
      }),
    );
  });

  it('share an alignment only with those whose points nobody moved', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const [edited, plain] = ['a', 'b'].map((key) => putPhoto(writer, dataset, imported({ key })));
        for (const photo of [edited, plain]) setAligned(writer, photo ?? 0, 'mtcnn', null);
        makeFace(writer, { photo: edited ?? 0, dataset, edited: 1 });
        expect(findAlignedTwin(writer, hashOf(1), 'mtcnn')).toBe(plain);
        makeFace(writer, { photo: plain ?? 0, dataset, edited: 1 });
        expect(findAlignedTwin(writer, hashOf(1), 'mtcnn')).toBeNull();
        expect(findAlignedTwin(writer, hashOf(1), 'other')).toBeNull();
      }),
    );
  });

  it('are queued by new limits as they would be one by one', () => {
    inStore((store) =>
      store.write((writer) => {
        const random = seededRandom(3);
        const dataset = makeDataset(writer, 'A');
        const photos = Array.from({ length: 120 }, (_, i) => {
          const photo = makePhoto(writer, dataset, `${i}`, {
            label: random.int(2) === 0 ? 'somebody' : null,
            align_error: random.int(10) === 0 ? JSON.stringify(problem) : null,
            aligned_by: 'mtcnn',
          });
          for (let face = random.int(4); face > 0; face--) {
            const state = ['kept', 'kept', 'aside', 'rejected'][random.int(4)] ?? 'kept';
            const size = random.int(100);
            makeFace(writer, { photo, dataset, state, size, sharpness: random.next() });
            writer.run(
              'UPDATE face SET width = size, height = size + 5 WHERE id = (SELECT max(id) FROM face)',
            );
          }
          return photo;
        });
        const waiting = makePhoto(writer, dataset, 'waiting');
        const base = getSettings(writer);
        for (const photo of photos)
          writer.run('UPDATE photo SET queue = ? WHERE id = ?', [queueOf(writer, photo, base), photo]);
        for (let i = 0; i < 10; i++) {
          const limits = { ...base, tinyFace: random.int(100), blurredBelow: random.next() };
          settleQuality(writer, limits);
          const got = photos.map((id) => writer.get('SELECT queue FROM photo WHERE id = ?', [id]));
          expect(got).toEqual(photos.map((photo) => ({ queue: queueOf(writer, photo, limits) })));
        }
        expect(writer.get('SELECT queue FROM photo WHERE id = ?', [waiting])).toEqual({ queue: 0 });
      }),
    );
  });

  it('are found by what was typed, wildcards and all', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        for (const key of ['100%.jpg', '100 percent.jpg', 'a_b.jpg', 'axb.jpg', 'back\\slash.jpg'])
          makePhoto(writer, dataset, key);
        const found = (search: string): string[] =>
          pagePhotos(writer, { dataset, show: 'all', reason: null, search }, 0, 9).items.map(
            (photo) => photo.key,
          );
        expect(found('100%')).toEqual(['100%.jpg']);
        expect(found('a_b')).toEqual(['a_b.jpg']);
        expect(found('k\\s')).toEqual(['back\\slash.jpg']);
        expect(likePattern('a%_\\')).toBe('%a\\%\\_\\\\%');
      }),
    );
  });

  it('count by the reasons for which they wait', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        makePhoto(writer, dataset, 'a', { queue: queueBits(['several', 'tiny']) });
        makePhoto(writer, dataset, 'b', { queue: queueBits(['tiny']) });
        makePhoto(writer, dataset, 'c', { queue: queueBits(['none']), reviewed: 1 });
        expect(countQueue(writer, dataset)).toEqual({ none: 0, several: 1, tiny: 2, blurred: 0, failed: 0 });
        const tiny = pagePhotos(writer, { dataset, show: 'queue', reason: 'tiny', search: '' }, 0, 9);
        expect(tiny.items.map((photo) => [photo.key, photo.queue])).toEqual([
          ['a', ['several', 'tiny']],
          ['b', ['tiny']],
        ]);
      }),
    );
  });
});

describe('datasets', () => {
  it('are found by name unless they are removed, and remember each import once', () => {
    inStore((store) =>
      store.write((writer) => {
        const first = addDataset(writer, 'A', 1);
        expect(addSources(writer, first, ['/x'])).toBe(0);
        expect(addSources(writer, first, ['/y', '/z'])).toBe(1);
        expect(addSources(writer, first, ['/x'])).toBe(0);
        expect(getSource(writer, first)?.sources).toEqual([['/x'], ['/y', '/z']]);
        expect(getDataset(writer, 'm', first)?.source).toBe('/x, /y, /z');
        expect(() => addDataset(writer, 'A', 1)).toThrow(/UNIQUE/);
        writer.run('UPDATE dataset SET removed = 1 WHERE id = ?', [first]);
        expect(findDataset(writer, 'A')).toBeNull();
        const second = addDataset(writer, 'A', 1);
        expect(findDataset(writer, 'A')).toBe(second);
        expect(scopeOf(writer, null)).toEqual([second]);
        expect(scopeOf(writer, [first, second, 99])).toEqual([second]);
      }),
    );
  });
});

describe('faces', () => {
  it('are filtered by each of the filter’s fields', () => {
    inStore((store) =>
      store.write((writer) => {
        const [a, b] = ['A', 'B'].map((name) => makeDataset(writer, name));
        const photo = makePhoto(writer, a ?? 0, 'one.jpg');
        const other = makePhoto(writer, b ?? 0, 'two.jpg');
        const person = makePerson(writer, 'Ada');
        const cluster = makeCluster(writer);
        const made = [
          makeFace(writer, { photo, dataset: a ?? 0, overall: 0.9, size: 10, person }),
          makeFace(writer, { photo, dataset: a ?? 0, overall: 0.1, size: 90, state: 'aside' }),
          makeFace(writer, { photo: other, dataset: b ?? 0, overall: 0.5, size: 50, cluster }),
        ];
        const ids = (some: Parameters<typeof faceFilter.parse>[0]): number[] =>
          faceIds(writer, faceFilter.parse(some)).map((id) => made.indexOf(id));
        expect(ids({})).toEqual([0, 2]);
        expect(ids({ state: null })).toEqual([0, 1, 2]);
        expect(ids({ state: 'aside' })).toEqual([1]);
        expect(ids({ datasets: [b] })).toEqual([2]);
        expect(ids({ datasets: [] })).toEqual([]);
        expect(ids({ photo, state: null })).toEqual([0, 1]);
        expect(ids({ person })).toEqual([0]);
        expect(ids({ person: 'unnamed' })).toEqual([2]);
        expect(ids({ cluster })).toEqual([2]);
        expect(ids({ minQuality: 0.6 })).toEqual([0]);
        expect(ids({ minSize: 20, state: null })).toEqual([1, 2]);
        expect(ids({ search: 'ada' })).toEqual([0]);
        expect(ids({ search: 'two' })).toEqual([2]);
        expect(ids({ state: null, sort: 'quality' })).toEqual([0, 2, 1]);
        expect(ids({ state: null, sort: 'worst' })).toEqual([1, 2, 0]);
        expect(ids({ state: null, sort: 'size' })).toEqual([1, 2, 0]);
        expect(ids({ state: null, sort: 'person' })).toEqual([0, 1, 2]);
        writer.run('UPDATE dataset SET removed = 1 WHERE id = ?', [a ?? 0]);
        expect(ids({ state: null })).toEqual([2]);
        expect(firstUnknownFace(writer, made)).toBeNull();
        expect(firstUnknownFace(writer, [...made, 77, 78])).toBe(77);
        expect(
          getFaces(writer, [made[2] ?? 0, 99, made[0] ?? 0]).map((face) => made.indexOf(face.id)),
        ).toEqual([2, 0]);
      }),
    );
  });
});

describe('packs and embeddings', () => {
  it('keep the first of a content, and an end that only grows', () => {
    inStore((store) =>
      store.write((writer) => {
        addBlob(writer, 'crops', 'h', { file: 0, offset: 5, length: 2 });
        addBlob(writer, 'crops', 'h', { file: 1, offset: 0, length: 2 });
        addBlob(writer, 'originals', 'h', { file: 7, offset: 0, length: 3 });
        expect(findBlob(writer, 'crops', 'h')).toEqual({ file: 0, offset: 5, length: 2 });
        expect(findBlob(writer, 'originals', 'h')?.file).toBe(7);
        expect(packEnd(writer, 'crops')).toBeNull();
        for (const end of [
          { file: 0, offset: 90 },
          { file: 0, offset: 50 },
          { file: 1, offset: 3 },
          { file: 0, offset: 99 },
        ])
          setPackEnd(writer, 'crops', end);
        expect(packEnd(writer, 'crops')).toEqual({ file: 1, offset: 3 });
      }),
    );
  });

  it('say what is missing, what is embedded and what nothing names', () => {
    inStore((store) =>
      store.write((writer) => {
        const dataset = makeDataset(writer, 'A');
        const photo = makePhoto(writer, dataset, 'a');
        const crops = ['c1', 'c2', 'c2', 'c3'];
        for (const crop of crops) makeFace(writer, { photo, dataset, crop });
        makeFace(writer, { photo, dataset, crop: 'aside', state: 'aside' });
        expect(missingCrops(writer, 'm', [dataset], '', 9)).toEqual(['c1', 'c2', 'c3']);
        expect(missingCrops(writer, 'm', [dataset], 'c1', 1)).toEqual(['c2']);
        addEmbeddings(writer, 'm', 4, { first: 0, rows: 3 }, ['c2', 'old', 'c1']);
        expect(countMissing(writer, 'm', [dataset])).toBe(1);
        expect(countMissing(writer, 'm', [])).toBe(0);
        expect(embeddedFaces(writer, 'm', [dataset]).map(({ id, row }) => [id, row])).toEqual([
          [1, 2],
          [2, 0],
          [3, 0],
        ]);
        expect(orphanRows(writer)).toEqual([{ model: 'm', crops: ['old'] }]);
        addEmbeddings(writer, 'm', 4, { first: 3, rows: 4 }, ['c2']);
        expect(unusedRows(writer, 'm', committedRows(writer, 'm'))).toEqual([0]);
        addBlob(writer, 'crops', 'c1', { file: 0, offset: 9, length: 1 });
        addBlob(writer, 'crops', 'gone', { file: 0, offset: 0, length: 9 });
        expect(orphanBlobs(writer, 'crops').map((blob) => blob.hash)).toEqual(['gone']);
        expect(blobPlaces(writer, 'crops').map((place) => place.offset)).toEqual([0, 9]);
        forgetModelRows(writer, 'm');
        expect([countMissing(writer, 'm', [dataset]), committedRows(writer, 'm')]).toEqual([3, 0]);
      }),
    );
  });
});

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

describe('jobs', () => {
  const job = {
    kind: 'align',
    title: 't',
    datasetId: null,
    input: { a: 1 },
    unit: 'photographs',
    at: 5,
  } as const;

  it('wait in turn, are saved with everything, and are paused where they were broken off', () => {
    inStore((store) =>
      store.write((writer) => {
        const [first, second] = [addJob(writer, job), addJob(writer, job)];
        expect(nextQueued(writer, jobKinds)?.id).toBe(first.id);
        const running = {
          ...first,
          state: 'running' as const,
          ...{ done: 3, total: 9, startedAt: 6, logTail: ['a'], summary: { photos: 3 } },
        };
        saveJob(writer, running);
        expect(getJob(writer, first.id)).toEqual(running);
        expect(nextQueued(writer, jobKinds)?.id).toBe(second.id);
        expect(pauseInterrupted(writer, problem)).toBe(2);
        expect(listJobs(writer).map(({ id, state, error }) => [id, state, error?.code])).toEqual([
          [second.id, 'paused', problem.code],
          [first.id, 'paused', problem.code],
        ]);
        saveJob(writer, { ...running, state: 'done' });
        clearJobs(writer);
        expect(listJobs(writer).map(({ id }) => id)).toEqual([second.id]);
        expect(nextQueued(writer, jobKinds)).toBeNull();
      }),
    );
  });
});

describe('jobs that wait for others', () => {
  const job = { kind: 'embed', title: 't', datasetId: null, input: {}, unit: 'faces', at: 5 } as const;

  it('begin when those are done, and go on waiting while those may be continued', () => {
    inStore((store) =>
      store.write((writer) => {
        const first = addJob(writer, job);
        const second = addJob(writer, { ...job, after: first.id });
        saveJob(writer, { ...first, state: 'failed' });
        expect(nextQueued(writer, jobKinds)).toBeNull();
        clearJobs(writer);
        expect(waitingFor(writer, first.id).map(({ id }) => id)).toEqual([second.id]);
        expect(nextQueued(writer, jobKinds)).toBeNull();
        expect(pauseInterrupted(writer, problem)).toBe(0);
        saveJob(writer, { ...first, state: 'done' });
        expect(nextQueued(writer, jobKinds)?.id).toBe(second.id);
        clearJobs(writer);
        expect(nextQueued(writer, jobKinds)?.id).toBe(second.id);
      }),
    );
  });
});

describe('settings', () => {
  it('have defaults, keep changes, and survive what another version wrote', () => {
    inStore((store) =>
      store.write((writer) => {
        const before = getSettings(writer);
        expect(changeSettings(writer, { tinyFace: 40, threads: 2 })).toEqual({
          ...before,
          tinyFace: 40,
          threads: 2,
        });
        expect(changeSettings(writer, { threads: null }).tinyFace).toBe(40);
        setValue(writer, 'settings', JSON.stringify({ tinyFace: 40, ofTheFuture: true }));
        expect(getSettings(writer)).toEqual({ ...before, tinyFace: 40 });
        setValue(writer, 'settings', JSON.stringify({ tinyFace: 'many' }));
        expect(getSettings(writer)).toEqual(before);
      }),
    );
  });
});
