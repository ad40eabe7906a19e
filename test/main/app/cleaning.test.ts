import { describe, expect, it } from 'vitest';
import type { CleaningAction } from '../../../src/core/training/cleaning.ts';
import type { NoiseModel } from '../../../src/core/training/label-noise.ts';
import {
  applyCleaning,
  openCleaning,
  previewCleaning,
  suspectPage,
} from '../../../src/main/app/cleanings.ts';
import type { Shelf } from '../../../src/main/app/shelf.ts';
import { takeBack } from '../../../src/main/app/take-back.ts';
import { createVersion } from '../../../src/main/app/versions.ts';
import { saveCleaning } from '../../../src/main/store/cleanings.ts';
import type { Store } from '../../../src/main/store/database.ts';
import { addBlob } from '../../../src/main/store/files.ts';
import { allChanges, getReport, pageChanges } from '../../../src/main/store/version-changes.ts';
import { versionItems } from '../../../src/main/store/version-list.ts';
import { forgetDatasetItems, getVersion, removeVersion } from '../../../src/main/store/versions.ts';
import { hashOf, inStore, makeDataset, makeFace, makePerson, makePhoto } from '../store/support.ts';

const shelf: Pick<Shelf, 'list'> = { list: () => [] };
const noise: NoiseModel = {
  ...{ own: { mean: 0.7, deviation: 0.1 }, next: { mean: 0.3, deviation: 0.1 } },
  ...{ stranger: { mean: 0, deviation: 0.1 }, wrong: 0.05 },
};
const limits = { dropBelow: 0.3, relabelAbove: 0.5, margin: 0.2, mergeAbove: 0.5 };
const none = { limits, refused: [], merge: [] } as const;
const names = ['Ada', 'Bao', 'Chi', 'Dan'];

/**
 * A version of four people with four pictures each (crops 1 to 16, by person), Dan’s in a dataset of their own; and what
 * a model says: 2 is Bao’s and not Ada’s, 6 is nobody’s, Chi and Dan may be one.
 */
function scene(store: Store) {
  const [first, second] = store.write((writer) => {
    const ids = ['Portraits', 'More'].map((name) => makeDataset(writer, name));
    for (const [p, name] of names.entries()) {
      const person = makePerson(writer, name);
      const dataset = ids[p === 3 ? 1 : 0] ?? 0;
      for (let i = 1; i <= 4; i++) {
        const n = 4 * p + i;
        const photo = makePhoto(writer, dataset, `${n}.jpg`, { hash: hashOf(1000 + n) });
        makeFace(writer, { photo, dataset, crop: hashOf(n), person, named: 'user' });
        addBlob(writer, 'crops', hashOf(n), { file: 0, offset: n * 10, length: 10 });
      }
    }
    return ids;
  });
  const datasets = [
    { id: first ?? 0, name: 'Portraits' },
    { id: second ?? 0, name: 'More' },
  ];
  const version = createVersion(store, datasets, { name: 'Cast', minQuality: 0, at: 1 });
  const own = new Float32Array(16).fill(0.8);
  const next = new Float32Array(16).fill(0.3);
  const nearest = Int32Array.from({ length: 16 }, (_, i) => (i < 4 ? 1 : 0));
  own.set([0.05], 1);
  next.set([0.75], 1);
  own.set([0.25], 5);
  const cleaning = store.write((writer) => {
    const histogram = { from: -1, to: 1, counts: [1] };
    return saveCleaning(writer, {
      ...{ version: version.id, model: 'm', at: 2, noise, pairs: [[2, 3, 0.72]] },
      scores: { own, next, nearest },
      histograms: { own: histogram, next: histogram, stranger: histogram, images: 16, alone: 0 },
    });
  });
  return { version, cleaning, datasets };
}

const listOf = (store: Store, version: number): string[] =>
  versionItems(store, version).map(({ crop, identity }) => `${Number.parseInt(crop, 16)} ${identity}`);
const needs = (store: Store) => ({ store, shelf: shelf as Shelf });
const called = (name: string | null) => ({ name, at: 3 });

describe('cleaning a version', () => {
  it('shows what it would do, with pictures to compare', () => {
    inStore((store) => {
      const open = openCleaning(store, scene(store).cleaning, limits);
      const { total, items } = suspectPage(open, null, 0, 10);
      expect(total).toBe(2);
      expect(items.map(({ position, action, from, to }) => [position, action, from, to])).toEqual([
        [1, 'relabel', 'Ada', 'Bao'],
        [5, 'drop', 'Bao', null],
      ]);
      expect(items[0]).toMatchObject({ crop: hashOf(2), fromCrop: hashOf(1), toCrop: hashOf(5) });
      expect(items[0]?.own).toBeCloseTo(0.05);
      expect(suspectPage(open, 'drop', 0, 10).items.map(({ position }) => position)).toEqual([5]);
      expect(suspectPage(open, null, 1, 10)).toMatchObject({ offset: 1, total: 2, items: [{ position: 5 }] });
      expect(previewCleaning(open, none)).toEqual({
        ...{ limits, relabelled: 1, dropped: 1, merged: 0, images: 15, identities: 4, emptied: [] },
        pairs: [
          {
            ...{ pair: [2, 3], names: ['Chi', 'Dan'], images: [4, 4], similarity: 0.72 },
            crops: [hashOf(9), hashOf(13)],
          },
        ],
      });
      const merged = previewCleaning(open, { ...none, merge: [[3, 2]], refused: [5] });
      expect(merged).toMatchObject({ relabelled: 1, dropped: 0, merged: 4, images: 16, identities: 3 });
    });
  });

  it('makes a version with a report of each change, and leaves the old one', () => {
    inStore((store) => {
      const { version, cleaning } = scene(store);
      const before = listOf(store, version.id);
      const open = openCleaning(store, cleaning, limits);
      const made = applyCleaning(needs(store), open, { ...none, merge: [[2, 3]] }, called(null));
      expect(made).toMatchObject({
        ...{ name: 'Cast cleaned', images: 15, identities: 3, datasets: version.datasets },
        cleanedFrom: { id: version.id, name: 'Cast' },
      });
      expect(listOf(store, version.id)).toEqual(before);
      expect(getVersion(store, version.id)).toEqual(version);
      const wanted = before
        .filter((item) => item !== '6 Bao')
        .map((item) => (item === '2 Ada' ? '2 Bao' : item.replace('Dan', 'Chi')));
      expect(listOf(store, made.id)).toEqual(wanted);
      expect(getReport(store, made.id)).toMatchObject({
        ...{ parent: { id: version.id, name: 'Cast', hash: version.hash }, model: { id: 'm' }, limits },
        ...{ relabelled: 1, dropped: 1, merged: 4 },
        names: [
          { from: 'Dan', to: 'Chi', images: 4 },
          { from: 'Ada', to: 'Bao', images: 1 },
          { from: 'Bao', to: null, images: 1 },
        ],
      });
      expect(pageChanges(store, made.id, 'merge', 1, 2)).toMatchObject({
        total: 4,
        items: [
          { position: 3, crop: hashOf(14), action: 'merge', from: 'Dan', to: 'Chi' },
          { position: 4, crop: hashOf(15) },
        ],
      });
      // the same wish again is the same version
      expect(applyCleaning(needs(store), open, { ...none, merge: [[2, 3]] }, called('Other'))).toEqual(made);
      expect(getReport(store, version.id)).toBeNull();
    });
  });

  it('leaves what was refused, and says when nothing is left to do', () => {
    inStore((store) => {
      const { version, cleaning } = scene(store);
      const open = openCleaning(store, cleaning, limits);
      const made = applyCleaning(needs(store), open, { ...none, refused: [1] }, called('Less'));
      expect(listOf(store, made.id)).toEqual(listOf(store, version.id).filter((item) => item !== '6 Bao'));
      const failing = (wish: Parameters<typeof applyCleaning>[2], at = open) => {
        return () => applyCleaning(needs(store), at, wish, called(null));
      };
      expect(failing({ ...none, refused: [1, 5] })).toThrow(
        expect.objectContaining({ code: 'cleaning/unchanged' }),
      );
      const all = openCleaning(store, cleaning, { ...limits, dropBelow: 1, relabelAbove: 1 });
      expect(failing(none, all)).toThrow(expect.objectContaining({ code: 'cleaning/nothing-left' }));
      expect(() => openCleaning(store, 99, {})).toThrow(
        expect.objectContaining({ code: 'cleaning/unknown' }),
      );
    });
  });

  it('drops a picture that would have one name twice', () => {
    inStore((store) => {
      const { version, cleaning, datasets } = scene(store);
      // picture 2 lies under Bao as well
      store.write((writer) => {
        const [{ id: dataset = 0 } = {}] = datasets;
        const bao = writer.get<{ id: number }>("SELECT id FROM person WHERE name = 'Bao'")?.id ?? 0;
        const photo = makePhoto(writer, dataset, 'copy.jpg');
        makeFace(writer, { photo, dataset, crop: hashOf(2), person: bao, named: 'user' });
      });
      const both = createVersion(store, datasets, { name: 'Both', minQuality: 0, at: 2 });
      expect(both.images).toBe(version.images + 1);
      store.write((writer) => {
        writer.run('UPDATE cleaning SET version_id = ? WHERE id = ?', [both.id, cleaning]);
      });
      const open = openCleaning(store, cleaning, { ...limits, dropBelow: -1 });
      const made = applyCleaning(needs(store), open, none, called(null));
      expect(allChanges(store, made.id).map(({ action, from }) => [action, from])).toEqual([['drop', 'Ada']]);
      expect(listOf(store, made.id)).toContain('2 Bao');
      expect(takeBack(store, made.id, [0], called(null)).id).toBe(both.id);
    });
  });
});

describe('taking changes back', () => {
  const cleaned = (store: Store) => {
    const { version, cleaning } = scene(store);
    const open = openCleaning(store, cleaning, limits);
    return { version, made: applyCleaning(needs(store), open, { ...none, merge: [[2, 3]] }, called(null)) };
  };

  it('gives the older version when all is taken back, also where that one is gone', () => {
    inStore((store) => {
      const { version, made } = cleaned(store);
      const all = allChanges(store, made.id).map(({ position }) => position);
      expect(all).toHaveLength(6);
      expect(takeBack(store, made.id, all, called(null))).toEqual(version);
      store.write((writer) => removeVersion(writer, version.id));
      expect(getReport(store, made.id)?.parent).toMatchObject({ id: null, name: 'Cast' });
      const again = takeBack(store, made.id, all, called(null));
      expect(again).toMatchObject({ name: 'Cast', hash: version.hash, images: 16, cleanedFrom: null });
    });
  });

  it('makes a version of the changes that are left, with their report', () => {
    inStore((store) => {
      const { version, made } = cleaned(store);
      const kept = (action: CleaningAction) =>
        allChanges(store, made.id).flatMap((change) => (change.action === action ? [change.position] : []));
      const less = takeBack(store, made.id, [...kept('merge'), ...kept('drop')], called(null));
      expect(less).toMatchObject({ name: 'Cast cleaned 2', cleanedFrom: { id: version.id } });
      const wanted = listOf(store, version.id).map((item) => (item === '2 Ada' ? '2 Bao' : item));
      expect(listOf(store, less.id)).toEqual(wanted);
      expect(getReport(store, less.id)).toMatchObject({ relabelled: 1, dropped: 0, merged: 0 });
    });
  });

  it('refuses versions that were not made so, and numbers that are none', () => {
    inStore((store) => {
      const { version, made } = cleaned(store);
      expect(() => takeBack(store, version.id, [0], called(null))).toThrow(
        expect.objectContaining({ code: 'cleaning/no-report' }),
      );
      expect(() => takeBack(store, made.id, [0, 6], called(null))).toThrow(
        expect.objectContaining({
          code: 'cleaning/no-change',
          values: { change: 7, name: made.name, known: 6 },
        }),
      );
    });
  });

  it('is not for what was erased, and reports forget that', () => {
    inStore((store) => {
      const { version, made } = cleaned(store);
      const dataset = getVersion(store, version.id)?.datasets[1]?.id ?? 0;
      store.write((writer) => forgetDatasetItems(writer, dataset));
      expect(JSON.stringify(getReport(store, made.id))).not.toContain('Dan');
      expect(allChanges(store, made.id).map(({ action }) => action)).toEqual(['relabel', 'drop']);
      expect(() => takeBack(store, made.id, [0], called(null))).toThrow(
        expect.objectContaining({ code: 'version/incomplete' }),
      );
    });
  });
});
