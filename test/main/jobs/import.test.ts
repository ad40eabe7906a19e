import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import {
  type ImportedItem,
  type ImportHost,
  type ImportSetup,
  importJob,
} from '../../../src/main/jobs/import.ts';
import type { JobContext } from '../../../src/main/jobs/job.ts';
import { zipOf } from '../../support/archives.ts';
import { inFolder } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';

/** An application that keeps what it is given. */
function hostWith(known: (key: string) => boolean = () => false) {
  const saved: ImportedItem[] = [];
  const batches: number[] = [];
  const host: ImportHost = {
    unchanged: async (items) => items.map((item) => known(item.key)),
    save: async (items) => {
      saved.push(...items);
      batches.push(items.length);
    },
  };
  return { host, saved, batches };
}

const setupOf = (paths: readonly string[], some: Partial<ImportSetup> = {}): ImportSetup => ({
  ...{ paths, prefix: '', kind: 'auto', copy: false, aligned: false, thumbnailSide: 32, concurrency: 2 },
  ...some,
});
const contextWith = (signal = new AbortController().signal) => {
  const told: (readonly [number, number | null])[] = [];
  const context: JobContext = {
    signal,
    progress: (done, total) => void told.push([done, total]),
    log: () => {},
  };
  return { context, told };
};

async function fill(dir: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++)
    await writeFile(join(dir, `${String(i).padStart(3, '0')}.jpg`), await testJpeg(i));
}

describe('the import job', () => {
  it('sends what it finds in the source’s order, in batches, with thumbnails', async () => {
    await inFolder(async (dir) => {
      await fill(dir, 150);
      await writeFile(join(dir, '900.jpg'), 'no picture');
      const { host, saved, batches } = hostWith();
      const { context, told } = contextWith();
      const summary = await importJob(setupOf([dir]), host, context);
      expect(summary).toEqual({ photos: 150, problems: 1, unchanged: 0, ignored: 0 });
      expect(batches).toEqual([64, 64, 23]);
      expect(saved.map((item) => item.key)).toEqual(saved.map((item) => item.key).toSorted());
      expect(saved.at(-1)).toMatchObject({
        problem: { code: 'image/unknown-format' },
        hash: null,
        thumbnail: null,
      });
      const photos = saved.slice(0, -1);
      expect(
        photos.every((item) => item.thumbnail !== null && item.original === null && item.path !== null),
      ).toBe(true);
      expect(new Set(photos.map((item) => item.hash)).size).toBe(150);
      const counts = told.map(([done]) => done);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(counts.at(-1)).toBe(151);
    });
  });

  it('passes over what is known, and says how much that was', async () => {
    await inFolder(async (dir) => {
      await fill(dir, 10);
      const { host, saved } = hostWith((key) => key < 'again/005');
      const summary = await importJob(setupOf([dir], { prefix: 'again/' }), host, contextWith().context);
      expect(summary).toMatchObject({ photos: 5, unchanged: 5 });
      expect(saved.map((item) => item.key)).toEqual(
        ['005', '006', '007', '008', '009'].map((n) => `again/${n}.jpg`),
      );
    });
  });

  it('keeps originals where it is asked to, and of archives always', async () => {
    await inFolder(async (dir) => {
      const bytes = await testJpeg(1);
      await writeFile(join(dir, 'a.jpg'), bytes);
      const copied = hostWith();
      await importJob(setupOf([dir], { copy: true }), copied.host, contextWith().context);
      expect(copied.saved).toMatchObject([{ path: null, key: 'a.jpg' }]);
      expect(Buffer.from(copied.saved[0]?.original ?? []).equals(bytes)).toBe(true);
      await mkdir(join(dir, 'zips'));
      const zip = join(dir, 'zips', 'a.zip');
      await writeFile(
        zip,
        await zipOf([
          { name: 'x/b.jpg', bytes },
          { name: 'x/c.jpg', bytes: bytes.slice(0, 99) },
        ]),
      );
      const archived = hostWith();
      const summary = await importJob(setupOf([zip]), archived.host, contextWith().context);
      expect(summary).toMatchObject({ photos: 1, problems: 1 });
      expect(Buffer.from(archived.saved[0]?.original ?? []).equals(bytes)).toBe(true);
    });
  });

  it('sends aligned crops with the face that each is, and refuses what is not square', async () => {
    await inFolder(async (dir) => {
      await writeFile(join(dir, 'a.jpg'), await testJpeg(1, 40, 40));
      await writeFile(join(dir, 'b.jpg'), await testJpeg(2, 40, 41));
      await writeFile(join(dir, 'c.jpg'), await testJpeg(3, 1030, 1030));
      const { host, saved } = hostWith();
      const summary = await importJob(setupOf([dir], { aligned: true }), host, contextWith().context);
      expect(summary).toMatchObject({ photos: 2, problems: 1 });
      expect(saved).toMatchObject([
        { key: 'a.jpg', width: 40, face: { cropSize: 40, box: { width: 40 } } },
        { key: 'b.jpg', hash: null, face: null, problem: { code: 'import/not-square' } },
        // Large crops are shrunk; box and points are in the picture's pixels.
        { key: 'c.jpg', width: 1030, face: { cropSize: 1024, box: { width: 1030 } } },
      ]);
      for (const { hash, thumbnail } of saved) expect(thumbnail === null).toBe(hash === null);
    });
  });

  it('keeps what it had read when it is stopped, and stops', async () => {
    await inFolder(async (dir) => {
      await fill(dir, 100);
      const controller = new AbortController();
      const { host, saved } = hostWith();
      const context: JobContext = {
        ...contextWith(controller.signal).context,
        progress: (done) => {
          if (saved.length === 0 && done >= 10) controller.abort();
        },
      };
      await expect(importJob(setupOf([dir]), host, context)).rejects.toBeInstanceOf(Cancelled);
      expect(saved.length).toBeGreaterThan(0);
      expect(saved.length).toBeLessThan(100);
    });
  });

  it('fails where the application cannot save', async () => {
    await inFolder(async (dir) => {
      await fill(dir, 3);
      const host: ImportHost = { ...hostWith().host, save: () => Promise.reject(new Error('disk full')) };
      await expect(importJob(setupOf([dir]), host, contextWith().context)).rejects.toThrow('disk full');
    });
  });
});
