import { describe, expect, it } from 'vitest';
import { faceFilter } from '../../../src/core/contract/faces.ts';
import { faceIds, firstUnknownFace, getFaces } from '../../../src/main/store/faces.ts';
import { inStore, makeCluster, makeDataset, makeFace, makePerson, makePhoto } from './support.ts';

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
