import { cp, mkdtemp, open, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { type LoaderOptions, openLoader, renderBatch } from '../../../src/main/training/loader.ts';
import { loaderOptions, writeCropImages, writeCrops } from '../../support/crop-packs.ts';
import { inFolder } from '../../support/folders.ts';
import { noisePicture } from '../../support/patterns.ts';

let dir = '';
let crops: CropTable;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-loader-'));
  crops = await writeCrops(dir, { identities: 5, perIdentity: 5, side: 48 });
});
afterAll(() => rm(dir, { recursive: true }));

const options = (more: Partial<LoaderOptions> = {}): LoaderOptions => loaderOptions(crops, dir, more);

describe('what is damaged', () => {
  /** What goes wrong where crop 13 was spoilt, in a step of all crops. */
  async function spoilt(
    change: (path: string, offset: number, length: number) => Promise<void>,
    render: (packsDir: string) => Promise<unknown> = (packsDir) =>
      renderBatch(options({ packsDir, stepImages: 25 }), 0),
  ): Promise<unknown> {
    return await inFolder(async (copy) => {
      await cp(dir, copy, { recursive: true });
      const name = `crops-${String(crops.files[13]).padStart(6, '0')}.pack`;
      await change(join(copy, name), crops.offsets[13] ?? 0, crops.lengths[13] ?? 0);
      return await render(copy).then(
        () => null,
        (thrown: unknown) => thrown,
      );
    });
  }

  async function overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void> {
    const file = await open(path, 'r+');
    await file.write(bytes, 0, bytes.length, offset);
    await file.close();
  }

  const erase = (path: string, offset: number, length: number): Promise<void> =>
    overwrite(path, offset, new Uint8Array(length));

  it('is named: a crop with other bytes', async () => {
    const thrown = await spoilt((path, offset) => overwrite(path, offset + 200, new Uint8Array(50).fill(7)));
    expect(thrown).toMatchObject({ code: 'training/crop-unusable', values: { index: 13 } });
    expect(String(thrown)).toContain(`at byte ${crops.offsets[13]} of crops-00000`);
    expect(String(thrown)).toMatch(/checksum/);
  });

  it('is named: a crop that was erased', async () => {
    const thrown = await spoilt(erase);
    expect(thrown).toMatchObject({ code: 'training/crop-unusable', values: { index: 13 } });
    expect(String(thrown)).toContain('it was erased');
  });

  it('ends a loader, which gives no more', async () => {
    const thrown = await spoilt(erase, async (packsDir) => {
      const loader = await openLoader(options({ packsDir, stepImages: 5, steps: 5 }));
      const drained = (async () => {
        for (let i = 0; i < 5; i++) await loader.next();
      })();
      const first = await drained.catch((reason: unknown) => reason);
      await expect(loader.next()).rejects.toBe(first);
      await loader.close();
      throw first;
    });
    expect(thrown).toMatchObject({ code: 'training/crop-unusable', values: { index: 13 } });
  });

  it('is named: a pack that is missing or cut', async () => {
    const gone = await spoilt((path) => rm(path));
    expect(gone).toMatchObject({ code: 'training/crop-unusable' });
    expect(String(gone)).toContain('it is missing or cannot be opened');
    const cut = await spoilt((path, offset) => truncate(path, offset + 10));
    expect(String(cut)).toContain('it ends before byte');
  });

  it('is named: a crop that is not square', async () => {
    await inFolder(async (folder) => {
      const images = Array.from({ length: 6 }, (_, i) => noisePicture(32, i === 4 ? 30 : 32));
      const table = await writeCropImages(folder, images);
      await expect(renderBatch(options({ packsDir: folder, crops: table }), 0)).rejects.toMatchObject({
        code: 'training/crop-unusable',
        values: { index: 4 },
        message: expect.stringContaining('32 × 30 pixels, and crops are square'),
      });
    });
  });
});
