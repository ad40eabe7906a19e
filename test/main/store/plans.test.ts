import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaceFilter, faceFilter } from '../../../src/core/contract/faces.ts';
import { getCluster, pageClusters } from '../../../src/main/store/clusters.ts';
import { openStore, type Reader, type Store } from '../../../src/main/store/database.ts';
import { getDataset, listDatasets } from '../../../src/main/store/datasets.ts';
import { countMissing, embeddedFaces, findRow, missingCrops } from '../../../src/main/store/embeddings.ts';
import {
  faceIds,
  facesOfPhoto,
  firstUnknownFace,
  getFaces,
  pageFaces,
} from '../../../src/main/store/faces.ts';
import { findBlob } from '../../../src/main/store/files.ts';
import { nextQueued } from '../../../src/main/store/jobs.ts';
import { redo, undo } from '../../../src/main/store/journal.ts';
import { orphanBlobs, orphanRows } from '../../../src/main/store/orphans.ts';
import { facesOfPerson, getPerson, pagePeople, pageSuggestions } from '../../../src/main/store/people.ts';
import {
  countPending,
  countQueue,
  findAlignedTwin,
  nextPending,
  pagePhotos,
  unchanged,
} from '../../../src/main/store/photos.ts';
import { bigModel, fillBigStore } from '../../support/big-store.ts';
import { hashOf, listening, planOf, tempDir } from './support.ts';

const faces = 100_000;
const kept = faces - faces / 20;
let folder: ReturnType<typeof tempDir>;
let store: Store;

beforeAll(() => {
  folder = tempDir();
  store = openStore(`${folder.dir}/lineament.db`);
  store.write((writer) => fillBigStore(writer, faces));
}, 60_000);
afterAll(() => {
  store.close();
  folder.remove();
});

/** The steps of every statement that the work asks, in order. */
function stepsOf(work: (reader: Reader) => unknown): string[] {
  const reader = listening(store);
  work(reader);
  expect(reader.asked.size).toBeGreaterThan(0);
  return [...reader.asked].flatMap((sql) => planOf(store, sql));
}

const filter = (some: Partial<FaceFilter>): FaceFilter => faceFilter.parse(some);

/** A step that reads a big table from end to end, rows and all, instead of an index. */
const wholeTable =
  /^SCAN (f|p|e|b|s|d|n|face|photo|embedding|blob|suggestion|person|not_person)\b(?!.*USING (COVERING )?INDEX)/;
/** A step that reads rows of faces or photographs from end to end of a dataset. */
const rowsOfDataset =
  /^SEARCH (f|face) USING INDEX face_dataset|^SEARCH (p|photo) USING INDEX sqlite_autoindex_photo_1 \(dataset_id=\?\)$/;

/** Erasing looks at all embeddings; suggestions and datasets are few. */
const wholeByIntent: Readonly<Record<string, RegExp>> = {
  'orphaned embeddings': /^SCAN e\b/,
  suggestions: /^SCAN s\b/,
  datasets: /^SCAN d$/,
};

describe('with 100,000 faces', () => {
  it('gives the right rows at the far end of every order', () => {
    const sorts: readonly FaceFilter['sort'][] = ['added', 'quality', 'worst', 'size', 'person'];
    for (const sort of sorts) {
      const ids = faceIds(store, filter({ sort }));
      const { total, items } = pageFaces(store, filter({ sort }), kept - 1000, 200);
      expect(total, sort).toBe(kept);
      expect(
        items.map((face) => face.id),
        sort,
      ).toEqual(ids.slice(kept - 1000, kept - 800));
    }
    const all = filter({ state: null, sort: 'added' });
    const page = pageFaces(store, all, 99_000, 200);
    expect([page.total, page.items[0]?.id, page.items.length]).toEqual([faces, 99_001, 200]);
    const quality = pageFaces(store, filter({ sort: 'quality' }), 0, 2000).items.map(
      (face) => face.quality.overall,
    );
    expect(quality).toEqual(quality.toSorted((a, b) => b - a));
  });

  it('pages faces through indexes in every order', () => {
    for (const sort of ['quality', 'worst', 'size'] as const) {
      const steps = stepsOf((reader) => pageFaces(reader, filter({ sort }), 94_000, 200));
      expect(steps.join('\n'), sort).toContain(
        `SCAN f USING COVERING INDEX face_${sort === 'size' ? 'size' : 'quality'}`,
      );
      expect(
        steps.filter((step) => wholeTable.test(step)),
        sort,
      ).toEqual([]);
      expect(
        steps.filter((step) => rowsOfDataset.test(step)),
        sort,
      ).toEqual([]);
    }
    for (const some of [{}, { datasets: [2] }]) {
      const steps = stepsOf((reader) => pageFaces(reader, filter(some), 20_000, 200));
      expect(steps.filter((step) => wholeTable.test(step) || rowsOfDataset.test(step))).toEqual([]);
    }
  });

  it.each<[string, (reader: Reader) => unknown, RegExp]>([
    [
      'faces of a person',
      (r) => pageFaces(r, filter({ person: 7 }), 0, 200),
      /SEARCH f USING (COVERING )?INDEX face_person/,
    ],
    [
      'faces of a cluster',
      (r) => pageFaces(r, filter({ cluster: 7, sort: 'quality' }), 0, 200),
      /INDEX face_cluster/,
    ],
    ['faces of a photograph', (r) => pageFaces(r, filter({ photo: 7 }), 0, 200), /INDEX face_photo/],
    [
      'unnamed faces',
      (r) => pageFaces(r, filter({ person: 'unnamed' }), 0, 200),
      /INDEX face_(person|dataset)/,
    ],
    ['faces by id', (r) => getFaces(r, [1, 2, 3]), /SEARCH f USING INTEGER PRIMARY KEY/],
    ['faces of a photograph, all states', (r) => facesOfPhoto(r, 5), /INDEX face_photo/],
    ['faces that are not there', (r) => firstUnknownFace(r, [1, 2]), /SEARCH f USING INTEGER PRIMARY KEY/],
    ['a person', (r) => getPerson(r, 5), /INDEX face_person/],
    ['ids of a person’s faces', (r) => facesOfPerson(r, 5), /COVERING INDEX face_person/],
    ['a cluster', (r) => getCluster(r, 5), /INDEX face_cluster/],
    ['people', (r) => pagePeople(r, '', 0, 200), /COVERING INDEX face_dataset/],
    ['clusters', (r) => pageClusters(r, 'unnamed', 2, 0, 200), /COVERING INDEX face_dataset/],
    ['suggestions', (r) => pageSuggestions(r, null, 0, 200), /suggestion|SCAN s|SEARCH s/],
    [
      'photographs',
      (r) => pagePhotos(r, { dataset: 2, show: 'all', reason: null, search: '' }, 20_000, 200),
      /sqlite_autoindex_photo_1/,
    ],
    [
      'photographs that wait',
      (r) => nextPending(r, 2, 'other', 50_000, 16),
      /INDEX photo_dataset \(dataset_id=\? AND id>\?\)/,
    ],
    ['how many wait', (r) => countPending(r, 2, 'other'), /COVERING INDEX photo_dataset/],
    ['the queue', (r) => countQueue(r, 2), /COVERING INDEX photo_dataset/],
    ['photographs of the same bytes', (r) => findAlignedTwin(r, hashOf(9), 'mtcnn'), /INDEX photo_hash/],
    [
      'photographs as they are',
      (r) => unchanged(r, 2, [{ key: 'a', bytes: 1, modified: 1 }], { copied: true, aligned: false }),
      /sqlite_autoindex_photo_1 \(dataset_id=\? AND key=\?\)/,
    ],
    [
      'crops without an embedding',
      (r) => missingCrops(r, 'new', [1, 2], '', 32),
      /SEARCH f USING COVERING INDEX face_crop \(crop>\?\)/,
    ],
    ['how many have none', (r) => countMissing(r, 'new', [1, 2]), /COVERING INDEX face_dataset/],
    [
      'embedded faces',
      (r) => embeddedFaces(r, bigModel, [1]),
      /SEARCH e USING PRIMARY KEY \(model=\? AND crop=\?\)/,
    ],
    [
      'the row of an embedding',
      (r) => findRow(r, bigModel, hashOf(1)),
      /PRIMARY KEY \(model=\? AND crop=\?\)/,
    ],
    ['a blob', (r) => findBlob(r, 'crops', hashOf(1)), /PRIMARY KEY \(pack=\? AND hash=\?\)/],
    ['a dataset', (r) => getDataset(r, bigModel, 2), /COVERING INDEX photo_dataset/],
    ['datasets', (r) => listDatasets(r, bigModel, true), /COVERING INDEX face_dataset/],
    ['orphaned blobs', (r) => orphanBlobs(r, 'crops'), /COVERING INDEX face_crop/],
    ['orphaned embeddings', (r) => orphanRows(r), /COVERING INDEX face_crop/],
    ['the next job', (r) => nextQueued(r, ['align']), /INDEX job_state/],
  ])('finds %s by an index', (name, work, step) => {
    const steps = stepsOf(work);
    expect(steps.join('\n')).toMatch(step);
    // Erasing looks at all embeddings, by intent.
    expect(
      steps.filter((line) => wholeTable.test(line) && !(wholeByIntent[name]?.test(line) ?? false)),
    ).toEqual([]);
    expect(steps.filter((line) => rowsOfDataset.test(line) && name !== 'photographs')).toEqual([]);
  });

  it('finds work without sorting all that waits', () => {
    for (const work of [
      (r: Reader) => nextPending(r, 2, 'other', 0, 16),
      (r: Reader) => missingCrops(r, 'new', [1, 2, 3, 4], '', 32),
    ]) {
      expect(stepsOf(work).filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
    }
  });

  it('counts what there is', () => {
    const datasets = listDatasets(store, bigModel, false);
    expect(datasets.map(({ photos, pending }) => [photos, pending])).toEqual(datasets.map(() => [25_000, 0]));
    expect(datasets.reduce((sum, dataset) => sum + dataset.faces, 0)).toBe(kept);
    expect(datasets.map((dataset) => dataset.embedded)).toEqual(datasets.map((dataset) => dataset.faces));
    // Of the 1,000 people with faces, every tenth has only such as stand aside.
    expect(pagePeople(store, '', 0, 1).total).toBe(900);
    expect(
      pagePeople(store, 'Person 12', 0, 200).items.every((person) => person.name.startsWith('Person 12')),
    ).toBe(true);
    const { total, items } = pageClusters(store, 'all', 1, 0, 5);
    expect(total).toBe(6250);
    expect(items.map((cluster) => cluster.size)).toEqual(
      items.map((cluster) => cluster.size).toSorted((a, b) => b - a),
    );
    expect(store.write(undo)).toBeNull();
    expect(store.write(redo)).toBeNull();
  });

  it('walks all work in chunks, each once', () => {
    const seen = new Set<string>();
    let after = '';
    for (let chunk = missingCrops(store, 'new', [1, 3], after, 1000); chunk.length > 0; ) {
      for (const crop of chunk) seen.add(crop);
      after = chunk.at(-1) ?? after;
      chunk = missingCrops(store, 'new', [1, 3], after, 1000);
    }
    expect(seen.size).toBe(countMissing(store, 'new', [1, 3]));
    let photos = 0;
    for (let at = 0; ; ) {
      const chunk = nextPending(store, 2, 'other', at, 1000);
      if (chunk.length === 0) break;
      photos += chunk.length;
      expect(chunk[0]?.id).toBeGreaterThan(at);
      at = chunk.at(-1)?.id ?? at;
    }
    expect(photos).toBe(25_000);
  });
});
