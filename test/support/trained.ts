import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Version } from '../../src/core/contract/versions.ts';
import type { RecipeInput } from '../../src/core/recipe/recipe.ts';
import { openTestApp } from './app.ts';
import { portraits } from './portraits.ts';

/** A data folder with aligned, named people who do not exist, and a version of them. */
export interface Prepared {
  readonly root: string;
  readonly dataDir: string;
  readonly version: Version;
  remove(): Promise<void>;
}

/** Needs the built-in models. Copy `dataDir` to change it more than once. */
export async function prepareVersion(): Promise<Prepared> {
  const root = await mkdtemp(join(tmpdir(), 'lineament-runs-'));
  const dataDir = join(root, 'prepared');
  const test = await openTestApp(dataDir);
  try {
    const paths = [await portraits(4)];
    const { dataset, job } = await test.client.call('datasets.import', { paths, name: 'Cast' });
    await test.done(job);
    await test.done(test.client.call('align.start', { dataset }));
    const version = await test.client.call('versions.create', { datasets: [dataset] });
    return { root, dataDir, version, remove: () => rm(root, { recursive: true, force: true }) };
  } finally {
    await test.close();
  }
}

/** A recipe of a network so small that a step takes some hundredths of a second. */
export function tinyRecipe(version: string, epochs: number, more: Partial<RecipeInput> = {}): RecipeInput {
  return {
    data: { version, holdOut: { by: 'images', share: 0.5 }, augmentation: { flip: 0.5, rotation: 5 } },
    network: { backbone: 'mobilefacenet', size: 32, embedding: 32 },
    head: { kind: 'arcface', options: { scale: 16, margin: 0.1 } },
    schedule: { rate: 0.02, warmUp: { epochs: 1 } },
    batch: 4,
    epochs,
    validation: { pairs: 20, everyEpochs: 4 },
    device: { provider: 'cpu', threads: 1 },
    ...more,
  };
}
