import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Face } from '../../../src/core/contract/faces.ts';
import { warpPath } from '../../../src/core/contract/media.ts';
import { personOfLabel, queueReasonsOf } from '../../../src/main/app/curation.ts';
import { boxOfPoints } from '../../../src/main/app/cut.ts';
import { haveModels } from '../../support/app.ts';
import { testJpeg } from '../../support/pictures.ts';
import { cast } from '../../support/portraits.ts';
import { openBench } from './support.ts';

describe('what is queued', () => {
  const settings = { tinyFace: 24, blurredBelow: 0.2 };
  const face = (
    some: { size?: number; sharpness?: number; state?: Face['state']; chosen?: boolean } = {},
  ) => ({
    box: { x: 0, y: 0, width: some.size ?? 100, height: (some.size ?? 100) + 10 },
    state: some.state ?? 'kept',
    chosen: some.chosen ?? false,
    quality: { sharpness: some.sharpness ?? 0.9 },
  });
  const photo = { labelled: false, failed: false };
  const labelled = { labelled: true, failed: false };

  it.each([
    ['nothing wrong', photo, [face()], []],
    ['nobody', photo, [], ['none']],
    ['only rejected', photo, [face({ state: 'rejected' })], ['none']],
    ['failed', { ...photo, failed: true }, [], ['failed']],
    ['several without a label', photo, [face(), face()], []],
    ['several with a label', labelled, [face(), face({ state: 'aside' })], ['several']],
    ['several, one chosen', labelled, [face({ chosen: true }), face({ state: 'aside' })], []],
    ['several, all but one rejected', labelled, [face(), face({ state: 'rejected' })], []],
    ['tiny', photo, [face({ size: 23 })], ['tiny']],
    ['tiny beside a big one', photo, [face({ size: 23 }), face()], []],
    [
      'tiny beside a big one that stands aside',
      labelled,
      [face({ size: 23, chosen: true }), face({ state: 'aside' })],
      ['tiny'],
    ],
    ['blurred and tiny', photo, [face({ size: 10, sharpness: 0.1 })], ['tiny', 'blurred']],
    ['all stand aside', labelled, [face({ state: 'aside' })], []],
  ] as const)('%s', (_, about, faces, reasons) => {
    expect(queueReasonsOf(about, faces, settings)).toEqual(reasons);
  });

  it('makes a person of a label, within its dataset where it is a number', () => {
    expect(personOfLabel('Ada', 'Set')).toBe('Ada');
    expect(personOfLabel('0042', 'Set')).toBe('Set 0042');
  });

  it('draws a box around five points that holds them', () => {
    const points = [30, 40, 70, 42, 50, 60, 35, 80, 66, 81];
    const { x, y, width, height } = boxOfPoints(points);
    expect(width).toBe(height);
    for (let i = 0; i < 10; i += 2) {
      expect(points[i]).toBeGreaterThan(x);
      expect(points[i]).toBeLessThan(x + width);
      expect(points[i + 1]).toBeGreaterThan(y);
      expect(points[i + 1]).toBeLessThan(y + height);
    }
  });
});

describe.skipIf(!haveModels)('curating', () => {
  const bench = openBench();
  const { call, portrait, folderOf, aligned, facesOf, again } = bench;
  const [ada, bram] = [cast[0].name, cast[1].name];
  async function sideBySide(left: string, right: string): Promise<Uint8Array> {
    const small = await sharp(right).resize(200).toBuffer();
    const both = sharp({ create: { width: 560, height: 320, channels: 3, background: '#556' } }).composite([
      { input: await readFile(left), left: 0, top: 0 },
      { input: small, left: 340, top: 60 },
    ]);
    return new Uint8Array(await both.jpeg().toBuffer());
  }

  it('moves points, and the crop follows; undone, it is as it was', async () => {
    const { dataset } = await aligned(
      'Points',
      [await folderOf('points', { 'a.jpg': portrait(ada, 1) })],
      'flat',
    );
    const [before] = await facesOf(dataset);
    if (before === undefined) return expect.fail('no face');
    // As many decimals as a page sends.
    const points = before.points.map((value, i) => Math.round(100 * (value + (i % 2 === 0 ? 6 : -4))) / 100);
    const warped = await bench.test.get(warpPath(before.photoId, points, before.solver));
    const after = await call('faces.setPoints', { face: before.id, points });
    expect(after.edited).toBe(true);
    expect(after.crop).not.toBe(before.crop);
    after.points.forEach((value, i) => void expect(value).toBeCloseTo(points[i] ?? 0, 2));
    const crop = await bench.test.get(`/media/crop/${after.crop}.png`);
    // What the user saw while moving the points is what was cut.
    expect(Buffer.from(crop.body).equals(Buffer.from(warped.body))).toBe(true);

    await again(dataset);
    expect(await facesOf(dataset)).toMatchObject([{ id: before.id, crop: after.crop, edited: true }]);
    expect(await call('journal.undo', {})).toMatchObject({ undone: true });
    expect(await facesOf(dataset)).toEqual([before]);
    expect((await bench.test.get(`/media/crop/${before.crop}.png`)).status).toBe(200);
    await call('journal.redo', {});
    expect(await facesOf(dataset)).toEqual([after]);
    await expect(
      call('faces.setPoints', { face: before.id, points: [5, 5, 5, 5, 5, 5, 5, 5, 5, 5] }),
    ).rejects.toMatchObject({ code: 'face/degenerate-points' });
    await expect(call('faces.setPoints', { face: 999, points })).rejects.toMatchObject({
      code: 'face/unknown',
    });
  }, 60_000);

  it('adds a face by its points, undoable, and keeps it through another alignment', async () => {
    const { dataset } = await aligned(
      'Added',
      [await folderOf('added', { 'a.jpg': portrait(bram, 1) })],
      'flat',
    );
    const [found] = await facesOf(dataset);
    const points = [200, 40, 220, 40, 210, 52, 202, 62, 218, 62];
    const added = await call('faces.add', { photo: found?.photoId ?? 0, points });
    expect(added).toMatchObject({ edited: true, state: 'kept', score: 1, points });
    await again(dataset);
    expect((await facesOf(dataset)).map(({ id }) => id)).toEqual([found?.id, added.id]);
    await call('journal.undo', {});
    expect((await facesOf(dataset)).map(({ id }) => id)).toEqual([found?.id]);
    await call('journal.redo', {});
    expect((await facesOf(dataset))[1]).toEqual(added);
  }, 60_000);

  it('aligns the same bytes once, whoever has them, and not by what was moved by hand', async () => {
    const first = await folderOf('twins', {
      'a.jpg': portrait(ada, 2),
      'b.jpg': portrait(ada, 2),
      'c.jpg': portrait(ada, 3),
    });
    const { dataset, summary } = await aligned('Twins', [first], 'flat');
    const faces = await facesOf(dataset);
    expect(faces).toHaveLength(3);
    expect(new Set(faces.map((face) => face.crop)).size).toBe(2);
    expect(summary['photos']).toBe(3);
    const later = await aligned(
      'Twins elsewhere',
      [await folderOf('twins2', { 'z.jpg': portrait(ada, 3) })],
      'flat',
    );
    expect(later.summary).toMatchObject({ photos: 1, repeated: 1 });
    const crop = faces.find((face) => face.file === 'c.jpg')?.crop;
    expect((await facesOf(later.dataset)).map((face) => face.crop)).toEqual([crop]);

    // Now both have been moved: what they say is not what was detected.
    for (const face of [...faces.filter(({ file }) => file === 'c.jpg'), ...(await facesOf(later.dataset))]) {
      await call('faces.setPoints', { face: face.id, points: face.points.map((value) => value + 9) });
    }
    const third = await aligned(
      'Twins again',
      [await folderOf('twins3', { 'y.jpg': portrait(ada, 3) })],
      'flat',
    );
    expect(third.summary).toMatchObject({ photos: 1, faces: 1, repeated: 0 });
    expect((await facesOf(third.dataset)).map((face) => face.crop)).toEqual([crop]);
  }, 60_000);

  it('names faces by their folders, asks which of several is meant, and respects what the user says', async () => {
    const both = await sideBySide(portrait(ada, 1), portrait(bram, 2));
    const folder = await folderOf('labels', {
      [`${ada}/1.jpg`]: portrait(ada, 1),
      [`${ada}/both.jpg`]: both,
      [`${bram}/1.jpg`]: portrait(bram, 1),
    });
    const { dataset } = await aligned('Labels', [folder]);
    const at = async (file: string): Promise<Face[]> =>
      (await facesOf(dataset)).filter((face) => face.file.endsWith(file));
    expect(await call('datasets.get', { dataset })).toMatchObject({ photos: 3, identities: 2, faces: 3 });
    const [main, other, ...more] = (await at('both.jpg')).toSorted((a, b) => b.box.width - a.box.width);
    expect(more).toEqual([]);
    expect(main).toMatchObject({ person: ada, named: 'label', state: 'kept' });
    expect(other).toMatchObject({ person: null, state: 'aside' });
    expect((await call('photos.queue', { dataset })).several).toBe(1);

    await call('faces.choose', { face: other?.id ?? 0 });
    expect((await call('photos.queue', { dataset })).several).toBe(0);
    const chosen = async () => (await at('both.jpg')).map((face) => [face.id, face.person, face.state]);
    const wanted = [
      [main?.id, null, 'aside'],
      [other?.id, ada, 'kept'],
    ].toSorted((a, b) => Number(a[0]) - Number(b[0]));
    expect(await chosen()).toEqual(wanted);
    await again(dataset);
    expect(await chosen()).toEqual(wanted);
    await call('journal.undo', {});
    expect((await call('photos.queue', { dataset })).several).toBe(1);
    expect(await at('both.jpg')).toMatchObject(
      [main, other].toSorted((a, b) => (a?.id ?? 0) - (b?.id ?? 0)) as object[],
    );

    // Who was renamed, or set aside, is not put back by another alignment.
    const [one] = await at(`${ada}/1.jpg`);
    await call('people.rename', { person: one?.personId ?? 0, name: 'Ada L.' });
    const [bramFace] = await at(`${bram}/1.jpg`);
    await call('faces.setState', { faces: [bramFace?.id ?? 0], state: 'aside' });
    await again(dataset);
    expect(await at(`${ada}/1.jpg`)).toMatchObject([{ id: one?.id, person: 'Ada L.', named: 'label' }]);
    expect(await at(`${bram}/1.jpg`)).toMatchObject([{ state: 'aside' }]);
    expect((await call('people.page', { search: ada })).total).toBe(0);
  }, 60_000);

  it('queues anew where the limits change', async () => {
    const { dataset } = await aligned(
      'Limits',
      [
        await folderOf('limits', {
          'a.jpg': portrait(ada, 1),
          'b.jpg': portrait(bram, 1),
          'c.jpg': await testJpeg(1, 320, 320),
        }),
      ],
      'flat',
    );
    const queue = async () => await call('photos.queue', { dataset });
    expect(await queue()).toMatchObject({ tiny: 0, none: 1 });
    await call('settings.set', { tinyFace: 1000 });
    expect(await queue()).toMatchObject({ tiny: 2, none: 1 });
    const { items } = await call('photos.page', { dataset, show: 'queue', reason: 'tiny' });
    await call('photos.review', { photos: [items[0]?.id ?? 0], reviewed: true });
    expect(await queue()).toMatchObject({ tiny: 1, none: 1 });
    await call('settings.set', { tinyFace: 24 });
    expect(await queue()).toMatchObject({ tiny: 0, none: 1 });
    await call('journal.undo', {});
  }, 60_000);
});
