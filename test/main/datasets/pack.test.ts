import { createHash } from 'node:crypto';
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { openPack, openPackReader } from '../../../src/main/datasets/pack.ts';
import { inFolder } from '../../support/folders.ts';

const random = seededRandom(9);
const blob = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.int(256));
const blobs = Array.from({ length: 40 }, (_, i) => blob(i * 13));

describe('packs', () => {
  it('give back what was added, across files, to writer and reader', () =>
    inFolder(async (dir) => {
      const pack = await openPack(dir, { name: 'crops', committed: null, fileBytes: 2000 });
      const places = await Promise.all(blobs.map((bytes) => pack.append(bytes)));
      expect(new Set(places.map((place) => place.file)).size).toBeGreaterThan(3);
      const end = await pack.flush();
      const last = places.at(-1);
      expect(end).toEqual({ file: last?.file, offset: (last?.offset ?? 0) + (last?.length ?? 0) });
      const reader = openPackReader(dir, 'crops');
      for (const [i, place] of places.entries()) {
        expect(await pack.read(place)).toEqual(blobs[i]);
        expect(await reader.read(place)).toEqual(blobs[i]);
      }
      await Promise.all([pack.close(), reader.close()]);
      const files = await Promise.all([0, 1].map((n) => stat(join(dir, `crops-00000${n}.pack`))));
      for (const file of files) expect(file.size).toBeGreaterThanOrEqual(2000);
    }));

  it('are cut back to the committed end after a crash, and go on from there', () =>
    inFolder(async (dir) => {
      const options = { name: 'p', fileBytes: 500 };
      const pack = await openPack(dir, { ...options, committed: null });
      const kept = await pack.append(blob(300));
      const committed = await pack.flush();
      const content = await pack.read(kept);
      for (let i = 0; i < 4; i++) await pack.append(blob(400)); // into the next files, never recorded
      await pack.close();
      const again = await openPack(dir, { ...options, committed });
      expect((await stat(join(dir, 'p-000000.pack'))).size).toBe(300);
      expect((await stat(join(dir, 'p-000001.pack'))).size).toBe(0);
      const next = await again.append(new Uint8Array([1, 2, 3]));
      expect(next).toEqual({ file: 0, offset: 300, length: 3 });
      expect(await again.read(kept)).toEqual(content);
      await again.close();
    }));

  it('that are shorter than recorded are refused', () =>
    inFolder(async (dir) => {
      const pack = await openPack(dir, { name: 'p', committed: null });
      const place = await pack.append(blob(100));
      const committed = await pack.flush();
      await pack.close();
      await truncate(join(dir, 'p-000000.pack'), 60);
      const refused = { code: 'pack/damaged', values: { file: join(dir, 'p-000000.pack') } };
      await expect(openPack(dir, { name: 'p', committed })).rejects.toMatchObject(refused);
      const reader = openPackReader(dir, 'p');
      await expect(reader.read(place)).rejects.toMatchObject(refused);
      await expect(reader.read({ ...place, file: 5 })).rejects.toMatchObject({ code: 'pack/damaged' });
      await reader.close();
    }));

  it('notice changed content by its hash', () =>
    inFolder(async (dir) => {
      const bytes = blob(100);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const pack = await openPack(dir, { name: 'p', committed: null });
      const place = await pack.append(bytes);
      expect(await pack.read(place, sha256)).toEqual(bytes);
      const path = join(dir, 'p-000000.pack');
      const changed = await readFile(path);
      changed[50] = (changed[50] ?? 0) ^ 1;
      await writeFile(path, changed);
      await expect(pack.read(place, sha256)).rejects.toMatchObject({ code: 'pack/damaged' });
      await pack.close();
    }));

  it('keep bytes beyond the end that others wrote out of the way', () =>
    inFolder(async (dir) => {
      const pack = await openPack(dir, { name: 'p', committed: null });
      await pack.append(blob(10));
      const committed = await pack.flush();
      await pack.close();
      await appendFile(join(dir, 'p-000000.pack'), 'half a write');
      const again = await openPack(dir, { name: 'p', committed });
      expect((await again.append(blob(5))).offset).toBe(10);
      await again.close();
    }));
});
