import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { faceFilter } from '../../../src/core/contract/faces.ts';
import { queueOf } from '../../../src/main/app/curation.ts';
import { getDataset } from '../../../src/main/store/datasets.ts';
import { getFaces, pageFaces } from '../../../src/main/store/faces.ts';
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
import { getSettings } from '../../../src/main/store/settings.ts';
import { hashOf, inStore, makeDataset, makeFace, makePerson, makePhoto, problem } from './support.ts';

const imported = (some: Partial<ImportedPhoto> = {}): ImportedPhoto => ({
  ...{ key: 'a.jpg', label: null, path: '/p/a.jpg', hash: hashOf(1), bytes: 10, modified: 5 },
  ...{ width: 100, height: 80, problem: null },
  ...some,
});

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
