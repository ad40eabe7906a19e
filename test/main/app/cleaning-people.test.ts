import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { type FoundNames, findWrongNames } from '../../support/wrong-names.ts';
import { json, type } from '../hosts/cli/support.ts';

/** Portraits of generated people, some in the wrong folder, by the built-in models: small, since all is painted here. */
describe.skipIf(!haveModels)('wrong names among generated people', () => {
  let root: string;
  let app: TestApp;
  let found: FoundNames;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-names-'));
    app = await openTestApp(join(root, 'data'));
    await app.client.call('settings.set', { threads: 1 });
    found = await findWrongNames(app, join(root, 'sample'), {
      ...{ seed: 5, identities: 6, picturesEach: 6, side: 200, groups: 0 },
      defects: { wrongLabels: 4, twins: 1, duplicates: 0, broken: 0, masks: 0 },
      training: { identities: 0, exam: 0, cropsEach: 0 },
    });
  }, 600_000);
  afterAll(async () => {
    await app?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('are all found, with one right one among them, and the names of one person too', () => {
    expect(found.wrong).toBe(4);
    expect(found.hits).toBe(4); // recall 1
    expect(found.changed).toBeLessThanOrEqual(5); // precision 0.8: of 36 portraits one is unlike all others of its class
    expect(found.righted).toBe(found.relabelled);
    expect(found.relabelled).toBeGreaterThan(1);
    expect([found.twins, found.pairs, found.pairHits]).toEqual([1, 1, 1]);
  });

  it('are gone in the version that is made, and there again when that is taken back', async () => {
    const { cleaning, version, changes } = found;
    const before = await app.client.call('versions.get', { version });
    const made = await app.client.call('cleaning.apply', { cleaning });
    const dropped = changes.filter(({ action }) => action === 'drop').length;
    expect(made).toMatchObject({ images: found.images - dropped, cleanedFrom: { id: version } });
    expect(await app.client.call('versions.get', { version })).toEqual(before);
    const { items } = await app.client.call('cleaning.changes', { version: made.id });
    const told = ({ crop, from, to }: (typeof items)[number]) => [crop, from, to];
    expect(items.map(told)).toEqual(changes.map(told));
    const positions = items.map(({ position }) => position);
    const back = await app.client.call('cleaning.takeBack', { version: made.id, changes: positions });
    expect([back.id, back.hash]).toEqual([version, before.hash]);
  });

  it('are not looked at twice: embeddings that are there serve again', async () => {
    const job = await app.done(app.client.call('cleaning.start', { version: found.version }));
    expect(job.summary).toMatchObject({ embedded: 0, pictures: found.images });
    const all = await app.client.call('cleaning.list', { version: found.version });
    expect(all.map(({ version, images, alone }) => [version, images, alone])).toEqual([
      [found.version, found.images, 0],
    ]);
  });

  it('are found on the command line', { timeout: 120_000 }, async () => {
    await app.close(); // one at a time may have the data folder
    const data = join(root, 'data');
    const shown = (await json(['version', 'clean', 'Cast', '--preview'], data)).value as {
      preview: { relabelled: number; dropped: number; pairs: { names: [string, string] }[] };
    };
    expect(shown.preview.relabelled + shown.preview.dropped).toBe(found.changed);
    const names = shown.preview.pairs[0]?.names.join('=') ?? '';
    const [kept] = found.changes;
    const words = ['version', 'clean', 'Cast', '--name', 'Clean', '--merge', names];
    const made = await type([...words, '--keep', kept?.crop.slice(0, 10) ?? ''], data);
    expect([made.code, made.out]).toEqual([
      0,
      expect.stringMatching(/[1-9] merged[\s\S]*\nClean: \d+ pictures/),
    ]);
    const report = await type(['version', 'changes', 'Clean'], data);
    expect(report.out).toMatch(/^Clean: made of Cast[\s\S]*1 +[0-9a-f]{12} +(relabel|drop)/);
    const { changes } = (await json(['version', 'changes', 'Clean'], data)).value as { changes: unknown[] };
    expect(changes.length).toBeGreaterThan(found.changed);
    expect((await type(['version', 'show', 'Clean'], data)).out).toContain('cleaned from Cast');
    const all = changes.map((_, i) => String(i + 1));
    const back = (await json(['version', 'take-back', 'Clean', ...all], data)).value;
    expect(back).toMatchObject({ id: found.version });
    expect((await type(['version', 'clean', 'Cast', '--margin', '3'], data)).code).toBe(2);
    expect((await type(['version', 'clean', 'Cast', '--merge', 'A=B'], data)).code).toBe(2);
    expect((await type(['version', 'take-back', 'Cast', '1'], data)).err.join('')).toContain(
      'cleaning/no-report',
    );
    app = await openTestApp(data);
  });
});
