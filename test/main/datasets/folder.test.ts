import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { openSource } from '../../../src/main/datasets/open.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';
import { writeNastyFolder } from '../../support/nasty-images.ts';
import { testJpeg } from '../../support/pictures.ts';
import { summary } from './summary.ts';

const jpeg = await testJpeg(1);

describe('a folder', () => {
  it('flat or nested at several depths has no labels; files that are no pictures are counted', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'b.jpg': jpeg,
        'a/x.PNG': jpeg,
        'a/deep/y.jpeg': jpeg,
        'a/nameless': jpeg,
        'notes.txt': 'hello',
        'data.bin': jpeg,
        'strange.xyz': 'hello',
        '.DS_Store': 'x',
        'Thumbs.db': 'x',
        '__MACOSX/b.jpg': jpeg,
        '.hidden/b.jpg': jpeg,
      });
      const source = await openSource(dir);
      expect(source).toMatchObject({ kind: 'folder', layout: 'flat', path: dir });
      expect(await summary(source)).toEqual(['a/deep/y.jpeg', 'a/nameless', 'a/x.PNG', 'b.jpg']);
      expect(source.ignored()).toBe(3);
      expect(await summary(source)).toHaveLength(4);
      expect(source.ignored()).toBe(3);
    }));

  it('per identity is recognised, also inside other folders', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'lfw/Ann Lee/1.jpg': jpeg,
        'lfw/Ann Lee/2.jpg': jpeg,
        'lfw/Bo/1.jpg': jpeg,
        'lfw/readme.txt': 'x',
      });
      const lines = ['Ann Lee/1.jpg = Ann Lee', 'Ann Lee/2.jpg = Ann Lee', 'Bo/1.jpg = Bo'];
      expect(await summary(await openSource(join(dir, 'lfw')))).toEqual(lines);
      const around = await openSource(dir);
      expect(around.layout).toBe('identities');
      expect(await summary(around)).toEqual(lines.map((line) => `lfw/${line}`));
      expect(await summary(await openSource(dir, { kind: 'flat' }))).toContain('lfw/Bo/1.jpg');
      const one = await openSource(join(dir, 'lfw', 'Bo'));
      expect(one.layout).toBe('flat');
    }));

  it('is taken for one per identity on demand', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'top.jpg': jpeg, 'Cy/1.jpg': jpeg, 'train/Di/1.jpg': jpeg });
      const source = await openSource(dir, { kind: 'identities' });
      expect(await summary(source)).toEqual(['Cy/1.jpg = Cy', 'top.jpg', 'train/Di/1.jpg = Di']);
    }));

  it('has its links inside followed once, others reported', () =>
    inFolder(async (outside) =>
      inFolder(async (dir) => {
        await writeFiles(outside, { 'secret.jpg': jpeg });
        await writeFiles(dir, { 'pool/1.jpg': jpeg, 'x/2.jpg': jpeg });
        await symlink(outside, join(dir, 'away'));
        await symlink(join(outside, 'secret.jpg'), join(dir, 'away.jpg'));
        await symlink('nothing', join(dir, 'broken'));
        await symlink('pool', join(dir, 'people'));
        await symlink('pool', join(dir, 'people again'));
        await symlink('../x', join(dir, 'pool', 'to x'));
        await symlink('../pool', join(dir, 'x', 'to pool'));
        await symlink('2.jpg', join(dir, 'x', 'alias.jpg'));
        await symlink('.', join(dir, 'self'));
        expect(await summary(await openSource(dir, { kind: 'flat' }))).toEqual([
          'away ! import/link-outside',
          'away.jpg ! import/link-outside',
          'broken ! import/link-broken',
          'people/1.jpg',
          'people/to x/2.jpg',
          'people/to x/alias.jpg',
          'people/to x/to pool ! import/link-repeated',
          'people again ! import/link-repeated',
          'pool/1.jpg',
          'pool/to x ! import/link-repeated',
          'self ! import/link-repeated',
          'x/2.jpg',
          'x/alias.jpg',
          'x/to pool ! import/link-repeated',
        ]);
      }),
    ));

  it('with every nasty name gives unique keys in NFC', () =>
    inFolder(async (outside) =>
      inFolder(async (dir) => {
        const files = await writeNastyFolder(dir, outside);
        const lines = await summary(await openSource(dir, { kind: 'flat' }));
        expect(new Set(lines).size).toBe(lines.length);
        for (const { name } of files) expect(lines).toContain(`all/${name}`.normalize('NFC'));
        const problems = lines.filter((line) => / ! [a-z]+\/[a-z-]+$/.test(line));
        expect(problems).toEqual([
          'all/link broken.jpg ! import/link-broken',
          'all/link up ! import/link-repeated',
          'link outside ! import/link-outside',
        ]);
        expect(lines).toHaveLength(files.length + 1 + 3); // and the link inside
      }),
    ));

  it('tells of two names that differ in Unicode form only', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'e\u0301.jpg': jpeg, '\u00e9.jpg': jpeg });
      expect(await summary(await openSource(dir))).toEqual(['é.jpg', 'é.jpg (item 2) ! import/duplicate']);
    }));

  it.skipIf(process.getuid?.() === 0)('that may not be read is reported', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'a.jpg': jpeg });
      await mkdir(join(dir, 'closed'), { mode: 0 });
      expect(await summary(await openSource(dir))).toEqual(['a.jpg', 'closed ! import/unreadable-folder']);
      await chmod(join(dir, 'closed'), 0o700);
    }),
  );

  it('stops on abort', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'a.jpg': jpeg, 'b.jpg': jpeg });
      const stop = new AbortController();
      const items = (await openSource(dir)).items(stop.signal);
      await items.next();
      stop.abort();
      await expect(items.next()).rejects.toBeInstanceOf(Cancelled);
    }));

  it('that is not there is said so', async () => {
    await expect(openSource('/no/such/place')).rejects.toMatchObject({ code: 'import/not-found' });
  });
});
