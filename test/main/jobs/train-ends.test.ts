import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { epochOrders, openSampler } from '../../../src/core/training/sampler.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import { fileOf, pairsOf, setupOf, smallRecipe, train } from '../../support/training-run.ts';

let root: string;
let crops: CropTable;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-train-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a run that ends otherwise', () => {
  it('stops early when validations do not get better, and stays stopped', async () => {
    const patient = smallRecipe({
      ...{ validation: { everyEpochs: 1 / 7 }, earlyStop: { patience: 2 } },
    });
    // pairs of a picture and itself: every validation finds all of them
    const pairs = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 2));
    const validation = [{ ...pairsOf(crops), pairs, same: new Uint8Array(30).fill(1) }];
    const own = await setupOf(root, 'early', patient, crops, { validation });
    const { told } = await train(own);
    expect([told.ended, told.rows.size]).toEqual(['early-stop', 3]);
    expect(told.saved.map(({ step, best }) => [step, best])).toEqual([
      [1, true],
      [2, true], // of equals the latest is the best, though it is no progress
      [3, true],
    ]);
    const again = await train({ ...own, resume: fileOf(own, 3) });
    expect([again.told.ended, again.told.rows.size, again.told.evaluations]).toEqual(['early-stop', 0, []]);
  }, 120_000);

  it('that fails on a crop saves the steps before', async () => {
    // a crop of the seventh step: the loader is ahead of the network by three
    const { classes } = crops;
    const sampler = openSampler(epochOrders.shuffle, { classes, seed: 11, stepImages: 4 });
    const lengths = crops.lengths.slice();
    lengths[sampler.step(6).indices[0] ?? 0] = 1;
    const own = await setupOf(root, 'unreadable', smallRecipe(), { ...crops, lengths });
    const { told, result } = await train(own);
    expect(result).toMatchObject({ code: 'training/crop-unusable' });
    expect(told.rows.size).toBeGreaterThanOrEqual(3);
    expect(told.saved.map(({ step }) => step)).toEqual([told.rows.size]);
    expect(told.ended).toBeNull();
  }, 120_000);

  it('diverges by name of the step and its crops, and keeps the last good state', async () => {
    const wild = smallRecipe({
      schedule: { rate: 10, decay: { kind: 'constant' } },
      loss: { kind: 'cross-entropy' },
      head: { kind: 'softmax' },
    });
    const own = await setupOf(root, 'wild', wild, crops);
    const { told, result } = await train(own);
    expect(result).toMatchObject({
      code: 'training/diverged',
      values: { layer: expect.stringMatching(/\w/), what: expect.stringMatching(/^(forward|backward)$/) },
    });
    const { step, batch } = (result as { values: { step: number; batch: string } }).values;
    expect(told.ended).toBeNull();
    expect(told.rows.size).toBe(step - 1);
    expect(batch.split(',')).toHaveLength(4);
    expect(told.saved.map((saved) => saved.step)).toEqual([step - 1]);
    const { state } = await readCheckpoint(fileOf(own, step - 1));
    expect([...state.tensors.values()].every((numbers) => numbers.every(Number.isFinite))).toBe(true);
  }, 120_000);
});
