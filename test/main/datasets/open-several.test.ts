import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSources } from '../../../src/main/datasets/open-several.ts';
import { zipOf } from '../../support/archives.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';
import { summary } from './summary.ts';

const jpeg = await testJpeg(1);

describe('several places', () => {
  it('are one source with unique keys, and what cannot be opened is a problem', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'a/x/1.jpg': jpeg,
        'b/x/2.jpg': jpeg,
        'b/x/notes.txt': 'x',
        'one.jpg': jpeg,
        'c/one.jpg': jpeg,
        'zipped.zip': await zipOf([
          { name: 'Ann/1.jpg', bytes: jpeg },
          { name: 'Bo/1.jpg', bytes: jpeg },
        ]),
      });
      const names = ['a/x', 'b/x', 'one.jpg', 'c/one.jpg', 'gone', 'zipped.zip'];
      const source = await openSources(names.map((name) => join(dir, name)));
      expect(source.kind).toBe('several');
      expect(await summary(source)).toEqual([
        'x/1.jpg',
        'x (2)/2.jpg',
        'one.jpg',
        'one.jpg (2)',
        'gone ! import/not-found',
        'zipped.zip/Ann/1.jpg = Ann',
        'zipped.zip/Bo/1.jpg = Bo',
      ]);
      expect(source.ignored()).toBe(1);
    }));

  it('that are folders of one person each give their labels', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'Ann/1.jpg': jpeg, 'Bo/1.jpg': jpeg, 'Bo/2.jpg': jpeg });
      const paths = [join(dir, 'Ann'), join(dir, 'Bo')];
      const labelled = ['Ann/1.jpg = Ann', 'Bo/1.jpg = Bo', 'Bo/2.jpg = Bo'];
      expect(await summary(await openSources(paths))).toEqual(labelled);
      const flat = await openSources(paths, { kind: 'flat' });
      expect(await summary(flat)).toEqual(['Ann/1.jpg', 'Bo/1.jpg', 'Bo/2.jpg']);
      expect(await summary(await openSources([join(dir, 'Bo')]))).toEqual(['1.jpg', '2.jpg']);
    }));

  it('of which none can be opened throw the first reason', async () => {
    const opening = openSources(['/no/such/a', '/no/such/b']);
    await expect(opening).rejects.toMatchObject({ code: 'import/not-found', values: { path: '/no/such/a' } });
  });
});
