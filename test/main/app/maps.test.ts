import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingMap } from '../../../src/core/contract/evaluations.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { writeFiles } from '../../support/folders.ts';
import { agreement } from '../../support/mixture.ts';
import { testJpeg, testPicture, toJpeg } from '../../support/pictures.ts';
import { json } from '../hosts/cli/support.ts';

describe.skipIf(!haveModels)('a map of embeddings', () => {
  let root: string;
  let test: TestApp;
  let dataset: number;
  const shown = new Map<string, EmbeddingMap>();
  const call: TestApp['client']['call'] = (...given) => test.client.call(...given);
  const draw = async (more: object): Promise<EmbeddingMap> => {
    const wish = { scope: { datasets: [dataset] }, epochs: 300, neighbours: 4, ...more };
    const job = await test.done(call('maps.start', wish));
    const map = await call('maps.get', { job: job.id });
    if (map === null) throw new Error('there is no map');
    return map;
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-map-'));
    const files: Record<string, Uint8Array> = {};
    // The same picture at other qualities is nearly the same face.
    for (const person of [1, 2, 3])
      for (const quality of [95, 90, 85, 80, 75])
        files[`P${person}/${quality}.jpg`] = await toJpeg(testPicture(person, 112, 112), quality);
    files['Alone/1.jpg'] = await testJpeg(9, 112, 112);
    await writeFiles(join(root, 'crops'), files);
    test = await openTestApp(join(root, 'data'));
    await call('settings.set', { threads: 1 });
    const started = await call('datasets.import', {
      paths: [join(root, 'crops')],
      name: 'Crops',
      aligned: true,
    });
    ({ dataset } = started);
    await test.done(started.job);
  }, 60_000);
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  it.each(['umap', 'tsne'] as const)('brings people apart by %s', async (method) => {
    const map = await draw({ method });
    expect(map).toMatchObject({ state: 'done', method, epochs: 300 });
    const people = [...new Set(map.points.map(({ person }) => person))];
    expect(people).toEqual(['P1', 'P2', 'P3']); // one picture makes no group
    const labels = Int32Array.from(map.points, ({ person }) => people.indexOf(person));
    const positions = map.layouts[0]?.positions ?? [];
    expect(positions).toHaveLength(30);
    expect(agreement(Float64Array.from(positions), labels)).toBe(1);
    shown.set(method, map);
  });

  it('is the same for the same seed, and is there after a restart until its job is forgotten', async () => {
    const first = shown.get('umap');
    expect((await draw({ method: 'umap' })).layouts).toEqual(first?.layouts);
    const { job } = await draw({ people: 2, epochs: 20 });
    await test.close();
    test = await openTestApp(join(root, 'data'));
    expect(await call('maps.get', { job })).toMatchObject({ state: 'done', job });
    await call('jobs.clear', {});
    await test.close();
    test = await openTestApp(join(root, 'data'));
    expect(await call('maps.get', { job })).toBeNull();
  });

  it('shows two models side by side on the same crops', async () => {
    const models = (await call('models.list', {})).flatMap(({ card }) =>
      card.task === 'embedding' ? [card.id] : [],
    );
    const map = await draw({ models: models.slice(0, 2) });
    expect(map.layouts.map(({ positions, epoch }) => [positions.length, epoch])).toEqual([
      [30, 300],
      [30, 300],
    ]);
    expect(map.layouts[0]?.positions).not.toEqual(map.layouts[1]?.positions);
  });

  it('refuses people who are not there, and too few points', async () => {
    await expect(draw({ names: ['P1', 'Nobody'] })).rejects.toMatchObject({
      info: { code: 'map/unknown-people', message: expect.stringContaining('Nobody') },
    });
    await expect(draw({ names: ['Alone'] })).rejects.toThrow(/1 points?; it can have 4/);
  });

  it('is drawn by the command line', async () => {
    await test.close();
    const out = join(root, 'map.svg');
    const words = ['map', '--dataset', 'Crops', '--epochs', '20', '--neighbours', '3', '--out', out];
    const { code, value } = await json(words, join(root, 'data'));
    expect([code, value]).toMatchObject([0, { points: 15, people: 3, path: out }]);
    expect((await readFile(out, 'utf8')).match(/<circle/g)).toHaveLength(15 + 3);
  });
});
