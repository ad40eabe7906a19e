import { appendFile, readFile, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { haveModels } from '../../support/app.ts';
import { zipOf } from '../../support/archives.ts';
import { cast } from '../../support/portraits.ts';
import { openBench } from './support.ts';

describe.skipIf(!haveModels)('the application', () => {
  const bench = openBench();
  const { call, portrait, folderOf, aligned, facesOf, again } = bench;
  const [ada, bram] = [cast[0].name, cast[1].name];

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
    await bench.test.done(job);
    await appendFile(join(folder, 'a.jpg'), 'more bytes');
    await rename(join(folder, 'b.jpg'), join(folder, 'b.gone'));
    const { summary } = await bench.test.done(call('align.start', { dataset }));
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
      (await bench.test.get(`/media/photo/${(await call('photos.page', { dataset })).items[1]?.id}.jpg`))
        .status,
    ).toBe(404);
    await rename(join(folder, 'b.gone'), join(folder, 'b.jpg'));
    await bench.test.done(
      (await call('datasets.import', { paths: [folder], name: 'Changes', kind: 'flat' })).job,
    );
    await again(dataset);
    expect(await codes()).toEqual([
      ['a.jpg', undefined, 1],
      ['b.jpg', undefined, 1],
    ]);
    // Touched, with the same content: nothing is lost by importing again.
    await call('people.name', { faces: (await facesOf(dataset)).map(({ id }) => id), name: 'Both' });
    await utimes(join(folder, 'a.jpg'), 1, 1);
    await bench.test.done(
      (await call('datasets.import', { paths: [folder], name: 'Changes', kind: 'flat' })).job,
    );
    expect((await facesOf(dataset)).map((face) => face.person)).toEqual(['Both', 'Both']);
    expect(await call('datasets.get', { dataset })).toMatchObject({ pending: 0, problems: 0 });
  }, 60_000);

  it('imports what a browser sent: files with their paths, or one archive', async () => {
    const upload = async (name: string, n: number): Promise<string> =>
      await bench.test.upload(name, await readFile(portrait(name.split('/')[0] ?? '', n)));
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
    expect((await bench.test.get(`/media/photo/${photo?.id}.jpg?side=64`)).status).toBe(200);

    const members = await Promise.all(
      [1, 2].map(async (n) => ({ name: `${bram}/${n}.jpg`, bytes: await readFile(portrait(bram, n)) })),
    );
    const zip = await bench.test.upload('people.zip', await zipOf(members));
    const archived = await aligned('Archived', [zip]);
    expect(await call('datasets.get', { dataset: archived.dataset })).toMatchObject({ photos: 2, faces: 2 });
    await expect(call('datasets.import', { paths: ['upload:unknown'], name: 'X' })).rejects.toMatchObject({
      code: 'upload/unknown',
    });
    await expect(
      call('datasets.import', { paths: [join(bench.root, 'nothing')], name: 'X' }),
    ).rejects.toMatchObject({ code: 'import/not-found' });
    await expect(call('datasets.find', { name: 'X' })).rejects.toMatchObject({ code: 'dataset/unknown' });
  }, 60_000);
});
