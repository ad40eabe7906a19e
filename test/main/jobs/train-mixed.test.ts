import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scaleFigures, scaleNames, usualScaling } from '../../../src/core/compile/loss-scale.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import {
  columnOf,
  digests,
  exactRows,
  fileOf,
  setupOf,
  smallRecipe,
  train,
} from '../../support/training-run.ts';

let root: string;
let crops: CropTable;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-mixed-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Applications refuse it on a processor; the job itself does what it is told, and so can be tested there. */
const recipe = smallRecipe({ precision: 'mixed', epochs: 3 / 7 });

it('tells of the scale at every step, skips what overflows, and goes on from a checkpoint to the same bits', async () => {
  const whole = await setupOf(root, 'whole', recipe, crops);
  const { told } = await train(whole);
  expect([told.ended, told.rows.size]).toEqual(['finished', 3]);
  expect(told.figures).toEqual([...scaleFigures]);
  const { header, state } = await readCheckpoint(fileOf(whole, 3));
  const slots = header.tensors.filter(({ kind }) => kind === 'slot').map(({ name }) => name);
  expect(slots).toEqual(expect.arrayContaining(Object.values(scaleNames)));
  // a gap in the curve for every step that was skipped, and half the scale after it
  const skipped = columnOf(told, 'gradientNorm').filter(Number.isNaN).length;
  const scales = [...told.rows.values()].map((row) => row[metricColumns.length]);
  expect(scales[0]).toBe(usualScaling.initial);
  expect(state.tensors.get(scaleNames.scale)?.[0]).toBe(usualScaling.initial / 2 ** skipped);
  expect(state.tensors.get(scaleNames.skipped)?.[0]).toBe(skipped);
  expect(columnOf(told, 'loss').every(Number.isFinite)).toBe(true);

  const begun = await setupOf(root, 'begun', recipe, crops);
  const first = await train(begun, undefined, (what, abort) => {
    if (what === 'steps') abort();
  });
  const at = first.told.saved.at(-1)?.step ?? 0;
  expect(at).toBeGreaterThan(0);
  expect(at).toBeLessThan(3);
  const second = await train({ ...begun, resume: fileOf(begun, at) }, first.told);
  expect(exactRows(second.told)).toEqual(exactRows(told));
  expect(digests((await readCheckpoint(fileOf(begun, 3))).state)).toEqual(digests(state));
}, 120_000);
