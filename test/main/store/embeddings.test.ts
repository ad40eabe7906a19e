import { describe, expect, it } from 'vitest';
import { countMissing, embeddedFaces, missingCrops } from '../../../src/main/store/embeddings.ts';
import {
  addBlob,
  addEmbeddings,
  committedRows,
  findBlob,
  forgetModelRows,
  packEnd,
  setPackEnd,
} from '../../../src/main/store/files.ts';
import { blobPlaces, orphanBlobs, orphanRows, unusedRows } from '../../../src/main/store/orphans.ts';
import { inStore, makeDataset, makeFace, makePhoto } from './support.ts';

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
