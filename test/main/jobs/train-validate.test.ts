import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { buildLoss } from '../../../src/core/compile/1-build.ts';
import type { TrainingPlan } from '../../../src/core/compile/training.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import { flatten } from '../../../src/core/layers/shape.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';
import { initialise } from '../../../src/core/training/initialise.ts';
import { divergence, saveLastGood } from '../../../src/main/jobs/train-diverged.ts';
import type { SeenRun, Standing } from '../../../src/main/jobs/train-open.ts';
import { openValidation } from '../../../src/main/jobs/train-validate.ts';
import type { LiveTensor } from '../../../src/main/training/checkpoint.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import { inFolder } from '../../support/folders.ts';
import { pairsOf, setupOf, smallRecipe } from '../../support/training-run.ts';

const flat: Backbone = {
  ...{ name: 'flat', title: 'Flat', input: 32, defaults: { embedding: 6, dropout: 0 } },
  build: (net, pictures, { embedding }) => linear(net, 'a', flatten(pictures), { out: embedding }),
};
const recipe = smallRecipe({
  validation: { everyEpochs: 0.5 },
  earlyStop: { patience: 3, minDelta: 0.25 },
});
const plan: TrainingPlan = { ...planOf(recipe, 5), backbone: flat, settings: flat.defaults };
const tensors = buildLoss(plan).net.parameters.map((parameter): LiveTensor => {
  const numbers = initialise(parameter, 1);
  const { name, shape } = parameter;
  return { ...{ name, shape, kind: 'parameter', length: numbers.length }, data: () => numbers };
});
const run = (step: number): SeenRun => ({ plan, tensors, stepsPerEpoch: 10, steps: 22, trainer: { step } });
const newborn: Standing = { best: null, mark: null, sinceBest: 0, validated: null, seconds: 0 };

describe('the validation of a run', () => {
  it('is due every half epoch, before the first step and after the last; never without pairs', () =>
    inFolder(async (root) => {
      const crops = await writeCrops(join(root, 'packs'), { identities: 4, perIdentity: 4, side: 32 });
      const due = async (sets: ReturnType<typeof pairsOf>[]): Promise<number[]> => {
        const setup = await setupOf(root, 'x', recipe, crops, { validation: sets });
        const { signal } = new AbortController();
        const validation = openValidation(setup, run(0), { evaluated: async () => {} }, signal, () => 0);
        return Array.from({ length: 23 }, (_, step) => step).filter((step) => validation.due(step));
      };
      expect(await due([pairsOf(crops)])).toEqual([0, 5, 10, 15, 20, 22]);
      expect(await due([])).toEqual([]);
      expect(await due([{ ...pairsOf(crops), pairs: new Int32Array(), same: new Uint8Array() }])).toEqual([]);
    }));

  it('counts from the first step on, and knows when it takes long', () =>
    inFolder(async (root) => {
      const crops = await writeCrops(join(root, 'packs'), { identities: 4, perIdentity: 4, side: 32 });
      const sets = ['a', 'b'].map((name) => pairsOf(crops, name));
      const setup = await setupOf(root, 'x', recipe, crops, { validation: sets });
      let clock = 0;
      const told: number[] = [];
      const host = {
        evaluated: async ({ accuracy }: { readonly accuracy: number }) => {
          told.push(accuracy);
          clock += 6000;
        },
      };
      const { signal } = new AbortController();
      const at = (step: number) => openValidation(setup, run(step), host, signal, () => clock);

      const before = await at(0).run(newborn);
      expect(before.standing).toEqual({ ...newborn, validated: 0 });

      const validation = at(5);
      expect(validation.isLong()).toBe(false); // not known yet
      const first = await validation.run(before.standing);
      expect(validation.isLong()).toBe(true);
      const accuracy = ((told[2] ?? 0) + (told[3] ?? 0)) / 2;
      expect(first.accuracy).toBe(accuracy);
      expect(first.standing).toMatchObject({ best: { accuracy, step: 5 }, sinceBest: 0, validated: 5 });

      const same = await at(10).run(first.standing);
      // of equals the latest is the best; that is no progress
      expect(same.standing).toMatchObject({ best: { accuracy, step: 10 }, sinceBest: 1, validated: 10 });
      // better by less than minDelta: the best, and no progress
      const little = {
        ...same.standing,
        best: { accuracy: accuracy - 0.125, step: 5 },
        mark: accuracy - 0.125,
      };
      expect((await at(15).run(little)).standing).toMatchObject({
        ...{ best: { step: 15 }, mark: accuracy - 0.125, sinceBest: 2 },
      });
      // small gains add up
      const several = { ...little, mark: accuracy - 0.3 };
      expect((await at(15).run(several)).standing).toMatchObject({
        ...{ best: { step: 15 }, mark: accuracy, sinceBest: 0 },
      });
    }));
});

describe('divergence', () => {
  const found = {
    ...{ step: 77, loss: 123456, gradientNorm: 3, indices: Int32Array.of(4, 8, 15, 16) },
    batch: { images: new Uint8Array(), labels: new Int32Array(), rate: 1 },
  };

  it('by a huge loss says so, with the crops of the step', () =>
    inFolder(async (root) => {
      const crops = await writeCrops(join(root, 'packs'), { identities: 2, perIdentity: 2, side: 32 });
      const setup = await setupOf(root, 'x', recipe, crops);
      const caught = await divergence({ ...found, verdict: 'loss' }, run(76), setup);
      expect(caught).toMatchObject({
        code: 'training/diverged',
        values: { step: 77, what: 'loss', layer: '', batch: '4,8,15,16' },
      });
      expect(caught.message).toContain('1.23e+5');
    }));

  it('saves what is before it only where that is good', async () => {
    const saved: string[] = [];
    const save = (name: string) => async () => void saved.push(name);
    const broken = { ...tensors[0], data: () => Float32Array.of(Number.NaN) } as LiveTensor;
    await saveLastGood('numbers', tensors, save('good numbers'));
    await saveLastGood('numbers', [...tensors, broken], save('broken numbers'));
    await saveLastGood('loss', tensors, save('ten steps of a huge loss'));
    expect(saved).toEqual(['good numbers']);
  });
});
