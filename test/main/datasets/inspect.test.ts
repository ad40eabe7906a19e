import { createHash } from 'node:crypto';
import { readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { inspectPhoto } from '../../../src/main/datasets/inspect.ts';
import { openSource } from '../../../src/main/datasets/open.ts';
import { mapConcurrent } from '../../../src/main/images/map-concurrent.ts';
import { all, inFolder, writeFiles } from '../../support/folders.ts';
import { writeNastyFolder } from '../../support/nasty-images.ts';
import { testJpeg } from '../../support/pictures.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('inspecting photographs', () => {
  it('records hash, size and thumbnail', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'Ann/1.jpg': await testJpeg(4, 300, 200), 'Bo/1.jpg': await testJpeg(5) });
      const [photo] = await all((await openSource(dir)).items());
      if (photo?.kind !== 'photo') throw new Error('no photograph');
      const record = await inspectPhoto(photo, { side: 60 });
      const file = await readFile(join(dir, 'Ann/1.jpg'));
      expect(record).toMatchObject({
        ...{ kind: 'record', key: 'Ann/1.jpg', label: 'Ann', format: 'jpeg', width: 300, height: 200 },
        hash: createHash('sha256').update(file).digest('hex'),
        bytes: file.length,
      });
      if (record.kind !== 'record') throw new Error('no record');
      expect(await sharp(record.thumbnail).metadata()).toMatchObject({
        format: 'jpeg',
        width: 60,
        height: 40,
      });
    }));

  it('of the nasty folder never stops, and gives each its outcome', () =>
    inFolder(async (outside) =>
      inFolder(async (dir) => {
        const files = await writeNastyFolder(dir, outside);
        const source = await openSource(dir, { kind: 'flat' });
        const outcomes = new Map<string, unknown>();
        const inspected = mapConcurrent(source.items(), 2, async (item) =>
          item.kind === 'photo' ? inspectPhoto(item, { side: 32 }) : item,
        );
        for await (const item of inspected) {
          const size = item.kind === 'record' ? { width: item.width, height: item.height } : item.error.code;
          outcomes.set(item.key, size);
        }
        for (const file of files) {
          expect(outcomes.get(`all/${file.name}`.normalize('NFC')), file.name).toEqual(file.expect);
        }
      }),
    ));

  it('of more bytes than are held at once reads the file piece by piece', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'large.tif');
      const create = { width: 5000, height: 4500, channels: 3, background: '#102030' } as const;
      await sharp({ create }).tiff({ compression: 'none' }).toFile(path);
      const [photo] = await all((await openSource(path)).items());
      if (photo?.kind !== 'photo') throw new Error('no photograph');
      expect(photo.size).toBeGreaterThan(64 * 2 ** 20);
      const file = await readFile(path);
      expect(await inspectPhoto(photo, { side: 50 })).toMatchObject({
        ...{ kind: 'record', format: 'tiff', width: 5000, height: 4500, bytes: file.length },
        hash: createHash('sha256').update(file).digest('hex'),
      });
      await truncate(path, file.length / 2);
      const cut = await inspectPhoto(photo, { side: 50 });
      expect(cut).toMatchObject({ kind: 'problem', error: { values: { path: 'large.tif' } } });
    }));

  it('tells of a file that went away meanwhile', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'a.jpg': await testJpeg(1) });
      const [photo] = await all((await openSource(dir)).items());
      if (photo?.kind !== 'photo') throw new Error('no photograph');
      await rm(join(dir, 'a.jpg'));
      expect(await inspectPhoto(photo, { side: 32 })).toMatchObject({
        ...{ kind: 'problem', key: 'a.jpg', error: { code: 'image/missing' } },
      });
    }));
});
