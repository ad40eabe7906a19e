import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAugmentation } from '../../../src/core/augment/options.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { type LoaderOptions, openLoader, renderBatch } from '../../../src/main/training/loader.ts';
import { writeCrops } from '../../support/crop-packs.ts';

let dir = '';
let crops: CropTable;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-loader-'));
  crops = await writeCrops(dir, { identities: 5, perIdentity: 5, side: 48 });
});
afterAll(() => rm(dir, { recursive: true }));

function options(more: Partial<LoaderOptions> = {}): LoaderOptions {
  return {
    crops,
    packsDir: dir,
    size: 32,
    augmentation: { ...noAugmentation, cropFrom: 40, flip: 0.5, jpeg: 0.3 },
    sampler: { kind: 'shuffle' },
    seed: 5,
    stepImages: 6,
    firstStep: 0,
    steps: 9,
    workers: 1,
    ahead: 2,
    ...more,
  };
}

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
    expect(await all({ seed: 6 })).not.toEqual(one);
  });

  it('gives what renderBatch shows', async () => {
    const loaded = await all({ firstStep: 6, steps: 1 });
    const shown = await renderBatch(options(), 6);
    expect(Buffer.concat(shown.images.map(({ data }) => data)).toString('base64')).toBe(loaded[0]?.images);
    expect(shown.labels).toEqual(loaded[0]?.labels);
    expect(shown.indices).toEqual(loaded[0]?.indices);
  });
});
