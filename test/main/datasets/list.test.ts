import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../../src/main/datasets/open.ts';
import { all, inFolder, writeFiles } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';
import { summary } from './summary.ts';

const jpeg = await testJpeg(1);

describe('a text list', () => {
  it('gives paths and labels, and tells of each bad line', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'imgs/a b/1.jpg': jpeg,
        'imgs/2.jpg': jpeg,
        'imgs/no label.jpg': jpeg,
        'imgs/e\u0301.jpg': jpeg,
        'list.txt': [
          '\ufeffimgs/a b/1.jpg 17',
          '',
          '# a comment',
          'imgs/2.jpg\tAnn',
          'imgs/no label.jpg',
          'imgs/missing one.jpg 3',
          '../elsewhere.jpg 1',
          '/etc/passwd 1',
          'imgs 5',
          'imgs/2.jpg Bo',
          'imgs/\u00e9.jpg 4',
          `${'x'.repeat(70_000)} 1`,
          'imgs/a b/../2.jpg 9',
        ].join('\r\n'),
      });
      const list = join(dir, 'list.txt');
      const source = await openSource(list);
      expect(source).toMatchObject({ kind: 'list', layout: 'list' });
      expect(await summary(source)).toEqual([
        'imgs/a b/1.jpg = 17',
        'imgs/2.jpg = Ann',
        'imgs/no label.jpg',
        'imgs/missing one.jpg ! import/list-missing-file',
        '../elsewhere.jpg ! import/list-outside',
        '/etc/passwd ! import/list-outside',
        'line 9 ! import/list-malformed',
        'imgs/2.jpg (item 8) ! import/duplicate',
        'imgs/é.jpg = 4',
        'line 12 ! import/list-malformed',
        'imgs/2.jpg (item 11) ! import/duplicate',
      ]);
      const missing = (await all(source.items())).find((item) => item.key === 'imgs/missing one.jpg');
      expect(missing).toMatchObject({ error: { values: { line: 6, list, path: 'imgs/missing one.jpg' } } });
    }));

  it('takes paths relative to another root', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'photos/x/1.jpg': jpeg, 'lists/train.txt': 'x/1.jpg 0\n' });
      const list = join(dir, 'lists', 'train.txt');
      expect(await summary(await openSource(list))).toEqual(['x/1.jpg ! import/list-missing-file']);
      expect(await summary(await openSource(list, { root: join(dir, 'photos') }))).toEqual(['x/1.jpg = 0']);
    }));
});

describe('a file', () => {
  it('that is a picture is a source of one', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'one.txt': jpeg });
      const source = await openSource(join(dir, 'one.txt'));
      expect(source.kind).toBe('file');
      expect(await summary(source)).toEqual(['one.txt']);
    }));

  it('of another kind is refused', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'x.bin': new Uint8Array([0, 1, 2, 3]), 'x.jpg': jpeg });
      const refused = { code: 'import/unsupported-file' };
      await expect(openSource(join(dir, 'x.bin'))).rejects.toMatchObject(refused);
      await expect(openSource(join(dir, 'x.jpg'), { kind: 'archive' })).rejects.toMatchObject(refused);
      await expect(openSource(dir, { kind: 'list' })).rejects.toMatchObject(refused);
    }));
});
