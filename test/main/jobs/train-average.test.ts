import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { averageName } from '../../../src/core/compile/average.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import { fileOf, setupOf, smallRecipe, train } from '../../support/training-run.ts';

let root: string;
let crops: CropTable;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-average-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('a fork of a run with averages begins with them, as it was verified', async () => {
  const recipe = smallRecipe({ epochs: 3 / 7, average: { decay: 0.9 } });
  const parent = await setupOf(root, 'parent', recipe, crops);
  await train(parent);
  const { header, state } = await readCheckpoint(fileOf(parent, 3));
  // at a rate of next to nothing the parameters stay
  const still = smallRecipe({ epochs: 1 / 7, schedule: { rate: 1e-45, decay: { kind: 'constant' } } });
  const child = await setupOf(root, 'child', still, crops, { resume: fileOf(parent, 3), fork: true });
  await train(child);
  const begun = (await readCheckpoint(fileOf(child, 1))).state.tensors;
  const averaged = header.tensors.filter(({ name }) => state.tensors.has(averageName(name)));
  expect(averaged.length).toBeGreaterThan(100);
  for (const { name } of averaged)
    expect(begun.get(name), name).toEqual(state.tensors.get(averageName(name)));
  expect(begun.get('stem.conv.weight')).not.toEqual(state.tensors.get('stem.conv.weight'));
  expect(begun.get('classes.weight')).toEqual(state.tensors.get('classes.weight'));
}, 60_000);
