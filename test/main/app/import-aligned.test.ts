import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cropPath } from '../../../src/core/contract/media.ts';
import { decodeImage } from '../../../src/main/images/decode.ts';
import { decodeCrop, encodeCrop } from '../../../src/main/images/encode.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { writeFiles } from '../../support/folders.ts';
import { largestDifference } from '../../support/patterns.ts';
import { testJpeg, testPicture, toJpeg } from '../../support/pictures.ts';

/** Pictures that are aligned crops already: no detector looks at them until somebody wants it. */
describe.skipIf(!haveModels)('an import of aligned crops', () => {
  let root: string;
  let folder: string;
  let test: TestApp;
  let dataset: number;
  const call: TestApp['client']['call'] = (...given) => test.client.call(...given);
  const bring = async (name: string, aligned: boolean, paths = [folder]): Promise<Record<string, number>> => {
    const started = await call('datasets.import', { paths, name, aligned });
    dataset = started.dataset;
    return (await test.done(started.job)).summary;
  };
  const faces = async () => (await call('faces.page', { datasets: [dataset], state: null })).items;
  const ours = testPicture(4, 112, 112);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-aligned-'));
    folder = join(root, 'crops');
    await writeFiles(folder, {
      'Ada/1.jpg': await testJpeg(1, 112, 112),
      'Ada/2.jpg': await testJpeg(2, 112, 112),
      'Bram/1.jpg': await toJpeg(testPicture(3, 256, 256)),
      'Bram/2.png': await encodeCrop(ours),
      'Bram/wide.jpg': await testJpeg(5, 112, 96),
    });
    test = await openTestApp(join(root, 'data'));
  }, 60_000);
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  it('makes a face of each square picture, and a problem of others', async () => {
    expect(await bring('Crops', true)).toEqual({ photos: 4, problems: 1, unchanged: 0, ignored: 0 });
    expect(await call('datasets.get', { dataset })).toMatchObject({
      ...{ photos: 4, problems: 1, pending: 0, faces: 4, identities: 2 },
    });
    const { items } = await call('photos.page', { dataset });
    expect(items.map((photo) => [photo.key, photo.alignment, photo.faces, photo.problem?.code])).toEqual([
      ['Ada/1.jpg', 'aligned', 1, undefined],
      ['Ada/2.jpg', 'aligned', 1, undefined],
      ['Bram/1.jpg', 'aligned', 1, undefined],
      ['Bram/2.png', 'aligned', 1, undefined],
      ['Bram/wide.jpg', 'pending', 0, 'import/not-square'],
    ]);
    expect(items[4]?.problem?.message).toContain('112 × 96');
    for (const face of await faces()) {
      const pixels = await decodeImage(join(folder, face.file));
      const { width } = pixels;
      expect(face).toMatchObject({
        ...{ box: { x: 0, y: 0, width, height: width }, score: 1, solver: 'umeyama', edited: false },
        ...{ state: 'kept', cropSize: width, person: face.file.split('/')[0], named: 'label' },
      });
      // The eye on the left of the 112 template, from the specification.
      expect(face.points[0]).toBeCloseTo((38.2946 * width) / 112, 3);
      expect(face.points[1]).toBeCloseTo((51.6963 * width) / 112, 3);
      expect(face.quality.overall).toBeGreaterThan(0);
      expect(face.quality.overall).toBeLessThan(1);
      const { status, body } = await test.get(cropPath(face.crop));
      expect(status).toBe(200);
      expect(largestDifference(await decodeCrop(new Uint8Array(body)), pixels)).toBe(0);
    }
    // A crop that this application wrote comes back as the same crop.
    const same = (await faces()).find((face) => face.file === 'Bram/2.png');
    expect(same?.crop).toBe(
      createHash('sha256')
        .update(await encodeCrop(ours))
        .digest('hex'),
    );
  }, 60_000);

  it('again changes nothing, and looks again at problems only', async () => {
    const before = await faces();
    expect(await bring('Crops', true)).toEqual({ photos: 0, problems: 1, unchanged: 4, ignored: 0 });
    expect(await faces()).toEqual(before);
    // As photographs they are stored already; what was no crop may be one.
    expect(await bring('Crops', false)).toMatchObject({ photos: 1, problems: 0, unchanged: 4 });
    expect(await faces()).toEqual(before);
    expect((await call('datasets.get', { dataset })).pending).toBe(1);
    await bring('Crops', true);
    expect(await call('datasets.get', { dataset })).toMatchObject({ photos: 4, pending: 0, problems: 1 });
  }, 60_000);

  it('is a set to train with, to embed and to find people in', async () => {
    const version = await call('versions.create', { datasets: [dataset] });
    expect(version).toMatchObject({ images: 4, identities: 2 });
    const embedded = await test.done(call('embed.start', { datasets: [dataset] }));
    expect(embedded.summary['faces']).toBe(4);
    expect((await call('datasets.get', { dataset })).embedded).toBe(4);
    await test.done(call('cluster.start', { datasets: [dataset] }));
    expect((await faces()).map((face) => face.person).toSorted()).toEqual(['Ada', 'Ada', 'Bram', 'Bram']);
  }, 60_000);

  it('keeps what the user did since when it is imported again', async () => {
    const [first] = await faces();
    if (first === undefined) return expect.fail('no face');
    await call('people.name', { faces: [first.id], name: 'Carla' });
    await bring('Crops', true);
    expect((await faces()).find((face) => face.id === first.id)?.person).toBe('Carla');
  }, 60_000);

  it('is left alone by a detector, unless it is told to look at everything again', async () => {
    const before = await faces();
    const summary = async (again: boolean) =>
      (await test.done(call('align.start', { dataset, again }))).summary;
    expect(await summary(false)).toMatchObject({ photos: 0 });
    expect(await faces()).toEqual(before);
    // There is no face in these pictures: what the user named is kept, the rest goes, as with any dataset.
    expect(await summary(true)).toMatchObject({ photos: 4, without: 4 });
    expect((await faces()).map((face) => face.person)).toEqual(['Carla']);
    await bring('Crops', true);
    expect(await faces()).toHaveLength(4);
  }, 60_000);

  it('makes crops of what was imported as photographs before', async () => {
    await bring('Photographs first', false);
    expect(await call('datasets.get', { dataset })).toMatchObject({ photos: 5, pending: 5, faces: 0 });
    expect(await bring('Photographs first', true)).toMatchObject({ photos: 4, problems: 1, unchanged: 0 });
    expect(await call('datasets.get', { dataset })).toMatchObject({ photos: 4, pending: 0, faces: 4 });
  }, 60_000);

  it('takes class numbers of a list as people of this dataset', async () => {
    const list = join(folder, 'train.txt');
    await writeFiles(folder, { 'train.txt': 'Ada/1.jpg 0\nAda/2.jpg 0\nBram/1.jpg 1\n' });
    await bring('MS1M', true, [list]);
    expect((await faces()).map((face) => face.person)).toEqual(['MS1M 0', 'MS1M 0', 'MS1M 1']);
  }, 60_000);
});
