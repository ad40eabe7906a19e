import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAugmentation } from '../../../src/core/augment/options.ts';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { pluginNameOf } from '../../../src/core/plugins/name.ts';
import { contentOf, keepPlugin } from '../../../src/main/plugins/kept.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { type LoaderOptions, openLoader, renderBatch } from '../../../src/main/training/loader.ts';
import { loaderMemory, sharedCrops, stopped } from '../../../src/main/training/loader-memory.ts';
import type { ThreadSetup } from '../../../src/main/training/loader-thread.ts';
import { loaderOptions, softCrop, writeCrops } from '../../support/crop-packs.ts';
import { inFolder } from '../../support/folders.ts';

let dir = '';
let crops: CropTable;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-loader-'));
  crops = await writeCrops(dir, { identities: 5, perIdentity: 5, side: 48 });
});
afterAll(() => rm(dir, { recursive: true }));

const options = (more: Partial<LoaderOptions> = {}): LoaderOptions => loaderOptions(crops, dir, more);

async function all(more: Partial<LoaderOptions> = {}) {
  const chosen = options(more);
  const loader = await openLoader(chosen);
  const out: { step: number; images: string; labels: number[]; indices: number[] }[] = [];
  for (let i = 0; i < chosen.steps; i++) {
    const { step, images, labels, indices } = await loader.next();
    out.push({
      step,
      images: Buffer.from(images).toString('base64'),
      labels: [...labels],
      indices: [...indices],
    });
  }
  await loader.close();
  return out;
}

describe('openLoader', () => {
  it('gives the same batches with any number of threads, and from any step on', async () => {
    const one = await all();
    expect(one.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await all({ workers: 2, ahead: 3 })).toEqual(one);
    expect(await all({ workers: 3, ahead: 1 })).toEqual(one);
    expect(await all({ firstStep: 5, steps: 4 })).toEqual(one.slice(5));
    // and what renderBatch shows
    for (const { step, images, labels, indices } of one) {
      const shown = await renderBatch(options(), step);
      expect(Buffer.concat(shown.images.map(({ data }) => data)).toString('base64')).toBe(images);
      expect(shown.labels).toEqual(labels);
      expect(shown.indices).toEqual(indices);
    }
  });

  it('leaves a batch as it is until the next is asked for', async () => {
    const loader = await openLoader(options({ ahead: 1, steps: 4 }));
    for (let i = 0; i < 3; i++) {
      const { images } = await loader.next();
      const before = Buffer.from(images);
      await new Promise((resolve) => setTimeout(resolve, 60)); // the threads have filled what they may by now
      expect(Buffer.from(images).equals(before)).toBe(true);
    }
    await loader.close();
  });

  it('closes while threads are at work, and before anything was asked for', async () => {
    const loader = await openLoader(options({ workers: 2, steps: 1000, stepImages: 25, ahead: 5 }));
    const pending = expect(loader.next()).rejects.toBeInstanceOf(Cancelled);
    await loader.close();
    await pending;
    await loader.close();
    await expect(loader.next()).rejects.toThrow('the loader is open');
  });

  it('refuses fewer pictures than a step needs', async () => {
    await expect(openLoader(options({ stepImages: 26 }))).rejects.toMatchObject({
      code: 'recipe/too-few-images',
    });
  });
});

describe('a loader’s thread', () => {
  it('goes on to all steps that are published, and no further, while its owner is blocked', () => {
    const memory = loaderMemory(4, 5, 32);
    const published = 3;
    for (let i = 0; i < published * 5; i++) memory.indices[i] = i;
    memory.taken.fill(0, 0, published);
    memory.published[0] = published;
    const workerData: ThreadSetup = {
      memory,
      crops: sharedCrops(crops),
      packsDir: dir,
      look: { size: 32, augmentation: noAugmentation, seed: 1 },
      stepImages: 5,
      steps: 100,
    };
    const thread = new Worker(new URL('../../../src/main/training/loader-thread.ts', import.meta.url), {
      workerData,
    });
    // no turn of this thread's event loop until all is done: nothing is awaited
    const never = new Int32Array(new SharedArrayBuffer(4));
    for (
      let waited = 0;
      waited < 1500 && memory.done.some((done, slot) => slot < published && done < 5);
      waited++
    ) {
      Atomics.wait(never, 0, 0, 10);
    }
    expect([...memory.done]).toEqual([5, 5, 5, 0]);
    Atomics.store(memory.published, 0, stopped);
    Atomics.notify(memory.published, 0);
    return new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  });
});

describe('renderBatch', () => {
  it('gives as many as are asked for, of any step', async () => {
    const shown = await renderBatch(options(), 1000, 2);
    expect(shown.images.length).toBe(2);
    expect(shown.indices.length).toBe(2);
    const whole = await renderBatch(options(), 1000);
    expect(whole.images.slice(0, 2)).toEqual(shown.images);
    expect(whole.images.length).toBe(6);
  });

  it('without augmentation gives the crops themselves, with their classes', async () => {
    const plain = options({ augmentation: noAugmentation, size: 48, stepImages: 24 });
    const { images, labels, indices } = await renderBatch(plain, 0);
    expect(new Set(indices).size).toBe(24);
    for (const [i, index] of indices.entries()) {
      expect(labels[i]).toBe(Math.floor(index / 5));
      expect(images[i]).toEqual(softCrop(index, Math.floor(index / 5), 48));
    }
  });

  it('depends on the seed, for the order and for the look', async () => {
    const one = await renderBatch(options(), 0);
    const other = await renderBatch(options({ seed: 6 }), 0);
    expect(other.indices).not.toEqual(one.indices);
    expect(other.images).not.toEqual(one.images);
  });

  it('alters a picture that is drawn twice in an epoch in two ways', async () => {
    const augmentation = { ...noAugmentation, pcaNoise: 1 };
    const { images, indices } = await renderBatch(
      options({ augmentation, sampler: { kind: 'balanced' }, stepImages: 24 }),
      0,
    );
    const looks = new Set(
      images.map(({ data }, i) => `${indices[i]} ${Buffer.from(data).toString('base64')}`),
    );
    expect(looks.size).toBe(24);
    expect(new Set(indices).size).toBeLessThan(24);
  });
});

describe('a user’s augmentation', () => {
  it('alters every picture, in the thread as in the preview, and its failure ends the loader', async () => {
    await inFolder(async (folder) => {
      const text = `export const plugin = () => ({ title: 'Mine', augment(image, random) {
          if (random.next() < 0.01) throw new Error('enough');
          image.data.fill(random.int(256));
          return image;
        } });`;
      const content = contentOf('mine.augmentation.js', new TextEncoder().encode(text));
      await keepPlugin(folder, content);
      const augmentation = { ...noAugmentation, plugin: pluginNameOf('mine', content.sha256) };
      const loader = await openLoader(options({ augmentation, pluginsDir: folder, steps: 200, ahead: 1 }));
      const { images } = await loader.next();
      const shown = await renderBatch(options({ augmentation, pluginsDir: folder }), 0);
      expect(Buffer.concat(shown.images.map(({ data }) => data)).equals(images)).toBe(true);
      expect(new Set(shown.images[0]?.data).size).toBe(1);
      const drained = (async () => {
        for (;;) await loader.next();
      })();
      await expect(drained).rejects.toThrow('mine.augmentation.js, line 2 does not work: enough.');
      await loader.close();
    });
  });
});

describe('a user’s sampler', () => {
  it('decides the pictures, and its failure in a later epoch ends the loader', async () => {
    await inFolder(async (folder) => {
      const text = `export const plugin = () => ({ title: 'Mine', sample({ epoch, classes }) {
          if (epoch === 2) return [1, 2, 99];
          return Array.from(classes, (number, i) => (epoch === 0 ? 24 - i : 3));
        } });`;
      const content = contentOf('mine.sampler.js', new TextEncoder().encode(text));
      await keepPlugin(folder, content);
      const chosen = { kind: 'plugin', name: pluginNameOf('mine', content.sha256) } as const;
      const loader = await openLoader(options({ sampler: chosen, pluginsDir: folder, steps: 9, ahead: 1 }));
      expect([...(await loader.next()).indices]).toEqual([24, 23, 22, 21, 20, 19]);
      const drained = (async () => {
        for (;;) await loader.next();
      })();
      await expect(drained).rejects.toMatchObject({ code: 'plugin/failed' });
      await expect(loader.next()).rejects.toThrow('in epoch 2, index number 2 is 99');
      await loader.close();
    });
  });
});
