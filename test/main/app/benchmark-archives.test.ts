import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Benchmark } from '../../../src/core/contract/benchmarks.ts';
import { benchmarkPhotoPath } from '../../../src/core/contract/media.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { tarOf, wickedZip, zipOf } from '../../support/archives.ts';

/** Two pictures of one, two of another, as crops: plain colours do. */
async function pictures(): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
  const names = ['a1.png', 'a2.png', 'b1.png', 'b2.png'];
  return Promise.all(
    names.map(async (name, i) => {
      const background = { r: 60 * i, g: 200 - 50 * i, b: 90 };
      const bytes = await sharp({ create: { width: 112, height: 112, channels: 3, background } })
        .png()
        .toBuffer();
      return { name: `mine/${name}`, bytes: new Uint8Array(bytes) };
    }),
  );
}
const list = new TextEncoder().encode(
  'first,second,same,fold\na1.png,a2.png,1,1\na1.png,b1.png,0,1\nb1.png,b2.png,1,2\na2.png,b2.png,0,2\n',
);

describe.skipIf(!haveModels)('benchmarks in archives', () => {
  let root: string;
  let test: TestApp;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-archives-'));
    test = await openTestApp(join(root, 'data'));
  }, 60_000);
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });
  const call: TestApp['client']['call'] = (...given) => test.client.call(...given);
  /** What the folder of uploads holds besides what is removed at the next start. */
  const kept = async (): Promise<string[]> =>
    (await readdir(join(root, 'data', 'uploads'))).filter((name) => name !== 'incoming');
  const imported = async (wish: { path: string; images?: string }): Promise<Benchmark> => {
    const { benchmark, job } = await call('benchmarks.import', wish);
    await test.done(job);
    return call('benchmarks.get', { benchmark });
  };
  const whole = { kind: 'verification', images: 4, pairs: 4, problems: 0, alignment: 'aligned' };

  it('are recognised and read, and what was unpacked is gone afterwards', { timeout: 60_000 }, async () => {
    const path = join(root, 'mine.tgz');
    const members = [...(await pictures()), { name: 'mine/pairs.csv', bytes: list }];
    await writeFile(path, gzipSync(await tarOf(members)));
    const [reading] = await call('benchmarks.recognise', { path });
    expect(reading).toMatchObject({ usable: true, images: 4, pairs: 4, folds: 2, missing: [] });
    const made = await imported({ path });
    expect(made).toMatchObject({ ...whole, source: 'mine.tgz, unpacked' });
    expect(await kept()).toEqual([]);
    const photo = await test.get(benchmarkPhotoPath(made.id, 0));
    expect((await sharp(photo.body as Uint8Array).metadata()).width).toBe(112);
  });

  it('may hold the pictures of a list that lies elsewhere', { timeout: 60_000 }, async () => {
    const [path, images] = [join(root, 'pairs.csv'), join(root, 'pictures.zip')];
    await writeFile(path, list);
    await writeFile(images, await zipOf(await pictures()));
    expect(await imported({ path, images })).toMatchObject({ ...whole, source: path });
    expect(await kept()).toEqual([]);
  });

  it('may be sent from a browser', { timeout: 60_000 }, async () => {
    const zip = await zipOf([...(await pictures()), { name: 'mine/pairs.csv', bytes: list }]);
    const path = await test.upload('sent.zip', zip);
    expect((await call('benchmarks.recognise', { path }))[0]).toMatchObject({ usable: true, pairs: 4 });
    expect(await imported({ path })).toMatchObject({ ...whole, source: 'sent.zip, unpacked' });
    expect(await kept()).toEqual([]);
    await expect(call('benchmarks.recognise', { path })).rejects.toMatchObject({ code: 'upload/unknown' });
  });

  it('are refused where they are wicked, and leave nothing', async () => {
    const path = join(root, 'wicked.zip');
    await writeFile(path, wickedZip([{ name: '../../up.txt', bytes: list }]));
    for (const method of ['benchmarks.recognise', 'benchmarks.import'] as const)
      await expect(call(method, { path })).rejects.toMatchObject({ code: 'archive/unsafe-name' });
    expect(await kept()).toEqual([]);
  });
});
