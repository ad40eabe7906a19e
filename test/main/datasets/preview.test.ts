import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { previewImport } from '../../../src/main/datasets/preview.ts';
import { zipOf } from '../../support/archives.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';

const never = new AbortController().signal;

async function squares(count: number, side = 56): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) files[`${i % 3}/${i}.jpg`] = await testJpeg(i, side, side);
  return files;
}

describe('a look before an import', () => {
  it('tells pictures that are square and of one size, and looks at no more than 24', async () => {
    await inFolder(async (dir) => {
      await writeFiles(dir, { ...(await squares(30)), 'notes.txt': 'no picture', '0/broken.jpg': 'x' });
      expect(await previewImport([dir], 'auto', never)).toEqual({ pictures: 24, side: 56 });
      expect(await previewImport([join(dir, '0'), join(dir, '1')], 'flat', never)).toEqual({
        pictures: 20,
        side: 56,
      });
    });
  });

  it('has no side for pictures of different sizes, or that are not square', async () => {
    await inFolder(async (dir) => {
      await writeFiles(join(dir, 'mixed'), { ...(await squares(3)), 'z.jpg': await testJpeg(9, 60, 60) });
      expect(await previewImport([join(dir, 'mixed')], 'auto', never)).toEqual({ pictures: 4, side: null });
      await writeFiles(join(dir, 'oblong'), { 'a.jpg': await testJpeg(1), 'b.jpg': await testJpeg(2) });
      expect(await previewImport([join(dir, 'oblong')], 'auto', never)).toEqual({ pictures: 2, side: null });
    });
  });

  it('reads lists and archives', async () => {
    await inFolder(async (dir) => {
      const files = await squares(4);
      await writeFiles(dir, { ...files, 'list.txt': '0/0.jpg 0\n1/1.jpg 1\n' });
      expect(await previewImport([join(dir, 'list.txt')], 'auto', never)).toEqual({ pictures: 2, side: 56 });
      const members = Object.entries(files).map(([name, bytes]) => ({ name, bytes }));
      await writeFiles(dir, { 'all.zip': await zipOf(members) });
      expect(await previewImport([join(dir, 'all.zip')], 'auto', never)).toEqual({ pictures: 4, side: 56 });
    });
  });

  it('says nothing where nothing can be read, and stops when told', async () => {
    await inFolder(async (dir) => {
      expect(await previewImport([dir, join(dir, 'missing')], 'auto', never)).toEqual({
        pictures: 0,
        side: null,
      });
      await writeFiles(dir, await squares(3));
      await expect(previewImport([dir], 'auto', AbortSignal.abort())).rejects.toBeInstanceOf(Cancelled);
    });
  });
});
