import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { thumbnailPath } from '../../../src/core/contract/media.ts';
import { haveModels } from '../../support/app.ts';
import { cast } from '../../support/portraits.ts';
import { openBench } from './support.ts';

describe.skipIf(!haveModels)('the application', () => {
  const bench = openBench();
  const { call, portrait, folderOf, aligned } = bench;
  beforeAll(async () => {
    await aligned('Pictures', [await folderOf('pictures', { 'a.jpg': portrait(cast[0].name, 1) })], 'flat');
  });

  it('answers for pictures, and for nothing else', async () => {
    const { items } = await call('photos.page', { dataset: 1 });
    const photo = items[0];
    if (photo === undefined) return expect.fail('no photograph');
    const size = async (path: string) => {
      const { status, headers, body } = await bench.test.get(path);
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
      const answer = await bench.test.get(path);
      expect(answer.status, path).toBe(status);
      expect(JSON.parse(new TextDecoder().decode(answer.body)), path).toHaveProperty('code');
    }
    const post = { method: 'POST', headers: {}, body: null } as const;
    expect((await bench.test.app.media({ ...post, path: '/media/upload' })).status).toBe(400);
    expect((await bench.test.app.media({ ...post, path: '/media/photo/1.jpg' })).status).toBe(405);
    const named = { ...post, path: '/media/upload', headers: { 'x-lineament-name': '%E0%A4%A' } };
    expect((await bench.test.app.media(named)).status).toBe(400);
  }, 60_000);
});
