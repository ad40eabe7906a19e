import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import type { Face } from '../../../src/core/contract/faces.ts';
import { thumbnailPath, warpPath } from '../../../src/core/contract/media.ts';
import { mainFace, personOfLabel, queueReasonsOf } from '../../../src/main/app/curation.ts';
import { boxOfPoints } from '../../../src/main/app/cut.ts';
import { inOrder } from '../../../src/main/app/work/plan.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { zipOf } from '../../support/archives.ts';
import { testJpeg } from '../../support/pictures.ts';
import { cast, portraits } from '../../support/portraits.ts';

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

  it('takes the big one in the middle for whom the label means', () => {
    const box = (x: number, y: number, side: number) => ({ x, y, width: side, height: side });
    expect(mainFace([box(0, 0, 60), box(75, 75, 50)], 200, 200)).toBe(1);
    expect(mainFace([box(80, 80, 40), box(0, 0, 190)], 200, 200)).toBe(1);
    expect(mainFace([box(0, 0, 1)], 200, 200)).toBe(0);
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

describe('results that come in any order', () => {
  it('are passed on in theirs; at the end also those behind a gap', async () => {
    const random = seededRandom(5);
    for (let round = 0; round < 20; round++) {
      const passed: number[] = [];
      let busy = 0;
      const order = inOrder<{ chunk: number }>(async ({ chunk }) => {
        expect(++busy).toBe(1);
        await Promise.resolve();
        passed.push(chunk);
        busy--;
      });
      const chunks = Array.from({ length: 12 }, (_, chunk) => ({ chunk, at: random.next() })).sort(
        (a, b) => a.at - b.at,
      );
      const lost = random.int(12);
      await Promise.all(chunks.filter(({ chunk }) => chunk !== lost).map((result) => order.add(result)));
      expect(passed).toEqual(Array.from({ length: lost }, (_, i) => i));
      await order.finish();
      expect(passed).toEqual(Array.from({ length: 12 }, (_, i) => i).filter((chunk) => chunk !== lost));
    }
  });
});

describe.skipIf(!haveModels)('curating', () => {
  let root: string;
  let source: string;
  let test: TestApp;
  const [ada, bram] = [cast[0].name, cast[1].name];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-curation-'));
    source = await portraits(4);
    test = await openTestApp(join(root, 'data'));
  }, 120_000);
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const call: TestApp['client']['call'] = (...given) => test.client.call(...given);
  const portrait = (name: string, n: number): string => join(source, name, `${name} ${n}.jpg`);
  /** A folder of files: where each comes from, by its path. */
  async function folderOf(
    name: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<string> {
    const folder = join(root, name);
    for (const [path, from] of Object.entries(files)) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      if (typeof from === 'string') await copyFile(from, join(folder, path));
      else await writeFile(join(folder, path), from);
    }
    return folder;
  }
  async function sideBySide(left: string, right: string): Promise<Uint8Array> {
    const small = await sharp(right).resize(200).toBuffer();
    const both = sharp({ create: { width: 560, height: 320, channels: 3, background: '#556' } }).composite([
      { input: await readFile(left), left: 0, top: 0 },
      { input: small, left: 340, top: 60 },
    ]);
    return new Uint8Array(await both.jpeg().toBuffer());
  }
  async function aligned(name: string, paths: readonly string[], kind: 'auto' | 'flat' | 'list' = 'auto') {
    const { dataset, job } = await call('datasets.import', { paths: [...paths], name, kind });
    await test.done(job);
    const { summary } = await test.done(call('align.start', { dataset }));
    return { dataset, summary };
  }
  const facesOf = async (dataset: number): Promise<readonly Face[]> =>
    (await call('faces.page', { datasets: [dataset], state: null })).items;
  const again = async (dataset: number): Promise<void> =>
    void (await test.done(call('align.start', { dataset, again: true })));

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
    const warped = await test.get(warpPath(before.photoId, points, before.solver));
    const after = await call('faces.setPoints', { face: before.id, points });
    expect(after.edited).toBe(true);
    expect(after.crop).not.toBe(before.crop);
    after.points.forEach((value, i) => void expect(value).toBeCloseTo(points[i] ?? 0, 2));
    const crop = await test.get(`/media/crop/${after.crop}.png`);
    // What the user saw while moving the points is what was cut.
    expect(Buffer.from(crop.body).equals(Buffer.from(warped.body))).toBe(true);

    await again(dataset);
    expect(await facesOf(dataset)).toMatchObject([{ id: before.id, crop: after.crop, edited: true }]);
    expect(await call('journal.undo', {})).toMatchObject({ undone: true });
    expect(await facesOf(dataset)).toEqual([before]);
    expect((await test.get(`/media/crop/${before.crop}.png`)).status).toBe(200);
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

  it('imports a list, and takes its labels', async () => {
    const folder = await folderOf('list', {
      'x y.jpg': portrait(ada, 1),
      'b.jpg': portrait(bram, 1),
      'list.txt': new TextEncoder().encode('x y.jpg 7\nb.jpg 8\nmissing.jpg 8\n'),
    });
    const { dataset } = await aligned('Listed', [join(folder, 'list.txt')], 'list');
    expect((await facesOf(dataset)).map((face) => face.person)).toEqual(['Listed 7', 'Listed 8']);
    const problems = await call('photos.page', { dataset, show: 'problems' });
    expect(problems.items.map((photo) => photo.problem?.code)).toEqual(['import/list-missing-file']);
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

  it('says of a photograph that it changed or is gone, and takes in the change', async () => {
    // Bytes that no other photograph has, so that nothing is known of them: with a comment of their own.
    const own = async (path: string): Promise<Uint8Array> => {
      const bytes = await readFile(path);
      return Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 3, 77]), bytes.subarray(2)]);
    };
    const folder = await folderOf('changes', {
      'a.jpg': await own(portrait(ada, 1)),
      'b.jpg': await own(portrait(bram, 1)),
    });
    const { dataset, job } = await call('datasets.import', {
      paths: [folder],
      name: 'Changes',
      kind: 'flat',
    });
    await test.done(job);
    await appendFile(join(folder, 'a.jpg'), 'more bytes');
    await rename(join(folder, 'b.jpg'), join(folder, 'b.gone'));
    const { summary } = await test.done(call('align.start', { dataset }));
    expect(summary).toMatchObject({ photos: 2, failed: 2 });
    const codes = async () =>
      (await call('photos.page', { dataset })).items.map((photo) => [
        photo.key,
        photo.problem?.code,
        photo.faces,
      ]);
    expect(await codes()).toEqual([
      ['a.jpg', 'photo/changed', 0],
      ['b.jpg', 'photo/gone', 0],
    ]);
    expect(
      (await test.get(`/media/photo/${(await call('photos.page', { dataset })).items[1]?.id}.jpg`)).status,
    ).toBe(404);
    await rename(join(folder, 'b.gone'), join(folder, 'b.jpg'));
    await test.done((await call('datasets.import', { paths: [folder], name: 'Changes', kind: 'flat' })).job);
    await again(dataset);
    expect(await codes()).toEqual([
      ['a.jpg', undefined, 1],
      ['b.jpg', undefined, 1],
    ]);
    // Touched, with the same content: nothing is lost by importing again.
    await call('people.name', { faces: (await facesOf(dataset)).map(({ id }) => id), name: 'Both' });
    await utimes(join(folder, 'a.jpg'), 1, 1);
    await test.done((await call('datasets.import', { paths: [folder], name: 'Changes', kind: 'flat' })).job);
    expect((await facesOf(dataset)).map((face) => face.person)).toEqual(['Both', 'Both']);
    expect(await call('datasets.get', { dataset })).toMatchObject({ pending: 0, problems: 0 });
  }, 60_000);

  it('imports what a browser sent: files with their paths, or one archive', async () => {
    const upload = async (name: string, n: number): Promise<string> =>
      await test.upload(name, await readFile(portrait(name.split('/')[0] ?? '', n)));
    const paths = [
      await upload(`${ada}/one.jpg`, 1),
      await upload(`${ada}/two.jpg`, 2),
      await upload(`${bram}/one.jpg`, 1),
    ];
    const { dataset } = await aligned('Sent', paths);
    expect(await call('datasets.get', { dataset })).toMatchObject({
      photos: 3,
      identities: 2,
      source: 'sent from a browser',
    });
    expect((await facesOf(dataset)).map((face) => face.person).toSorted()).toEqual(
      [ada, ada, bram].toSorted(),
    );
    const photo = (await call('photos.page', { dataset })).items[0];
    // The upload is gone; the original is kept in the data folder.
    expect((await test.get(`/media/photo/${photo?.id}.jpg?side=64`)).status).toBe(200);

    const members = await Promise.all(
      [1, 2].map(async (n) => ({ name: `${bram}/${n}.jpg`, bytes: await readFile(portrait(bram, n)) })),
    );
    const zip = await test.upload('people.zip', await zipOf(members));
    const archived = await aligned('Archived', [zip]);
    expect(await call('datasets.get', { dataset: archived.dataset })).toMatchObject({ photos: 2, faces: 2 });
    await expect(call('datasets.import', { paths: ['upload:unknown'], name: 'X' })).rejects.toMatchObject({
      code: 'upload/unknown',
    });
    await expect(
      call('datasets.import', { paths: [join(root, 'nothing')], name: 'X' }),
    ).rejects.toMatchObject({ code: 'import/not-found' });
    await expect(call('datasets.find', { name: 'X' })).rejects.toMatchObject({ code: 'dataset/unknown' });
  }, 60_000);

  it('answers for pictures, and for nothing else', async () => {
    const { items } = await call('photos.page', { dataset: 1 });
    const photo = items[0];
    if (photo === undefined) return expect.fail('no photograph');
    const size = async (path: string) => {
      const { status, headers, body } = await test.get(path);
      const { width, height, format } = await sharp(body).metadata();
      return { status, type: headers['content-type'], width, height, format };
    };
    expect(await size(thumbnailPath(photo.hash ?? ''))).toMatchObject({
      status: 200,
      type: 'image/jpeg',
      width: 256,
      format: 'jpeg',
    });
    expect(await size(`/media/photo/${photo.id}.jpg?side=100`)).toMatchObject({
      status: 200,
      width: 100,
      height: 100,
    });
    expect(await size(`/media/photo/${photo.id}.jpg?side=nonsense`)).toMatchObject({
      status: 200,
      width: 320,
    });
    const points = '100.00,100.00,200.00,100.00,150.00,150.00,110.00,200.00,190.00,200.00';
    expect(await size(`/media/warp/${photo.id}.png?points=${points}`)).toMatchObject({
      type: 'image/png',
      width: 112,
      height: 112,
    });
    const hash = photo.hash ?? '';
    const bad: readonly [string, number][] = [
      ['/media/', 404],
      ['/media/secret/1.jpg', 404],
      ['/media/thumbnail/../../lineament.db', 404],
      ['/media/thumbnail/%2e%2e%2flineament.db', 404],
      [`/media/thumbnail/${'0'.repeat(64)}.jpg`, 404],
      [`/media/crop/${hash}'--.png`, 404],
      ['/media/photo/0.jpg', 404],
      ['/media/photo/-1.jpg', 404],
      ['/media/photo/abc.jpg', 404],
      ['/media/photo/999999.jpg', 404],
      ['/media/query/unknown.png', 404],
      [`/media/warp/${photo.id}.png`, 400],
      [`/media/warp/${photo.id}.png?points=1,2,3`, 400],
      [`/media/warp/${photo.id}.png?points=${points.replace('150.00', 'x')}`, 400],
      [`/media/warp/${photo.id}.png?points=5,5,5,5,5,5,5,5,5,5`, 404],
      [`/media/warp/999999.png?points=${points}`, 404],
      ['http://[', 400],
    ];
    for (const [path, status] of bad) {
      const answer = await test.get(path);
      expect(answer.status, path).toBe(status);
      expect(JSON.parse(new TextDecoder().decode(answer.body)), path).toHaveProperty('code');
    }
    const post = { method: 'POST', headers: {}, body: null } as const;
    expect((await test.app.media({ ...post, path: '/media/upload' })).status).toBe(400);
    expect((await test.app.media({ ...post, path: '/media/photo/1.jpg' })).status).toBe(405);
    const named = { ...post, path: '/media/upload', headers: { 'x-lineament-name': '%E0%A4%A' } };
    expect((await test.app.media(named)).status).toBe(400);
  }, 60_000);
});
