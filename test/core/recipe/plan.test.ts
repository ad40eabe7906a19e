import { describe, expect, it } from 'vitest';
import { recipeDifferences, sameSplit } from '../../../src/core/recipe/difference.ts';
import { parseRecipe, storedRecipe } from '../../../src/core/recipe/parse.ts';
import { planOf, scheduleOf, stepsOf } from '../../../src/core/recipe/plan.ts';
import { type RecipeInput, recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { rateAt } from '../../../src/core/training/schedule.ts';

const recipe = (more: Partial<RecipeInput> = {}) =>
  recipeSchema.parse({ data: { version: 'abcdef' }, ...more });

describe('the plan of a recipe', () => {
  it('has the head’s first preset, and over it what the recipe says', () => {
    const plan = planOf(recipe({ head: { kind: 'arcface', options: { margin: 0.3 } } }), 17);
    expect(plan.headSettings).toMatchObject({ scale: 64, margin: 0.3, fallback: 'line', easy: false });
    expect([plan.head.name, plan.classes, plan.batch, plan.accumulation]).toEqual(['arcface', 17, 128, 1]);
  });

  it('has the backbone’s own dropout unless told otherwise', () => {
    const of = (dropout: number | null) =>
      planOf(recipe({ network: { backbone: 'ir-50', dropout, embedding: 256 } }), 2).settings;
    expect(of(null)).toMatchObject({ embedding: 256, dropout: 0.5 });
    expect(of(0)).toMatchObject({ embedding: 256, dropout: 0 });
  });

  it('has the backbone’s own settings, and over them what the recipe says', () => {
    const options = { stem: 'fine', reduction: 8 };
    expect(planOf(recipe({ network: { backbone: 'se-resnet-50', options } }), 2).settings).toEqual({
      ...{ embedding: 512, dropout: 0.5, output: 'e', shortcut: 'stride', activation: 'relu' },
      ...options,
    });
  });

  it('is the same of a recipe from before backbones had settings', () => {
    const { options: _, ...network } = recipe().network;
    const old = JSON.parse(JSON.stringify({ ...recipe(), network }));
    expect(storedRecipe(old)).toEqual(recipe());
    expect(recipeDifferences(storedRecipe(old), recipe())).toEqual([]);
    const foreign = { ...old, network: { ...network, backbone: 'of-the-future' } };
    expect(storedRecipe(foreign)).toBe(foreign);
  });

  it('lets dropout come with the output “e” where the backbone itself has none', () => {
    const problems = (network: RecipeInput['network']) =>
      parseRecipe({ data: { version: 'abcdef' }, network }).problems;
    expect(problems({ backbone: 'mobilefacenet', dropout: 0.3, options: { output: 'e' } })).toBeNull();
    expect(problems({ backbone: 'mobilefacenet', dropout: 0.3 })?.[0]?.message).toMatch(/output “e”/);
  });
});

describe('how long a recipe trains', () => {
  it('drops what is left over at the end of an epoch', () => {
    expect(stepsOf(recipe({ batch: 32, accumulation: 4, epochs: 2.5 }), 1000)).toEqual({
      stepsPerEpoch: 7,
      steps: 18,
    });
    expect(stepsOf(recipe({ batch: 32, epochs: 0.01 }), 32)).toEqual({ stepsPerEpoch: 1, steps: 1 });
  });

  it('refuses less than a step', () => {
    expect(() => stepsOf(recipe({ batch: 32, accumulation: 4 }), 127)).toThrow(
      '127 pictures to train on do not make one step, which takes 128.',
    );
  });

  it('turns epochs into steps', () => {
    const schedule = scheduleOf(
      recipe({
        epochs: 20,
        schedule: {
          rate: 0.2,
          warmUp: { epochs: 0.5 },
          decay: { kind: 'step', at: [10, 12.5], factor: 0.5 },
        },
      }),
      10,
    );
    expect(schedule).toEqual({
      base: 0.2,
      warmUp: { steps: 5, from: 0 },
      decay: { kind: 'step', at: [100, 125], factor: 0.5 },
      total: 200,
    });
    expect([0, 4, 99, 100, 125].map((step) => rateAt(schedule, step))).toEqual(
      [0.04, 0.2, 0.2, 0.1, 0.05].map((rate) => expect.closeTo(rate, 12)),
    );
  });
});

it('differences are named by their place', () => {
  const a = recipe({ schedule: { decay: { kind: 'step', at: [1, 2] } } });
  const b = recipe({ batch: 64, schedule: { decay: { kind: 'cosine' } } });
  expect(recipeDifferences(a, a)).toEqual([]);
  expect(recipeDifferences(a, b)).toEqual([
    { path: 'schedule.decay.kind', a: 'step', b: 'cosine' },
    { path: 'schedule.decay.at', a: [1, 2], b: undefined },
    { path: 'schedule.decay.factor', a: 0.1, b: undefined },
    { path: 'schedule.decay.end', a: undefined, b: 0 },
    { path: 'batch', a: 128, b: 64 },
  ]);
});

it('the same people are trained on where data, hold-out and seed are the same', () => {
  const a = recipe({});
  const held = (share: number) => ({ data: { version: a.data.version, holdOut: { share } } });
  expect(sameSplit(a, recipe({ batch: 64, head: { kind: 'softmax' }, epochs: 3 }))).toBe(true);
  expect(sameSplit(a, recipe({ data: { version: a.data.version, sampler: { kind: 'balanced' } } }))).toBe(
    true,
  );
  expect(sameSplit(a, recipe(held(0.1)))).toBe(true);
  expect(sameSplit(a, recipe(held(0.2)))).toBe(false);
  expect(sameSplit(a, recipe({ seed: 1 }))).toBe(false);
  expect(sameSplit(a, recipe({ data: { version: a.data.version, minImagesPerIdentity: 3 } }))).toBe(false);
  expect(sameSplit(a, recipe({ data: { version: 'another' } }))).toBe(false);
});

describe('fine-tuning in a recipe', () => {
  const problems = (fineTune: RecipeInput['fineTune'], more: Partial<RecipeInput> = {}): string[] =>
    (parseRecipe({ data: { version: 'abcdef' }, fineTune, ...more }).problems ?? []).map(
      ({ path, message }) => `${path} ${message}`,
    );

  it('freezes parameters and statistics by name, and gives layers rates of their own', () => {
    const fineTune = {
      freeze: ['stage1.*', '!*.bn.*'],
      rates: [
        { match: '*', factor: 0.1 },
        { match: 'classes.*', factor: 1 },
      ],
    };
    const { frozen, factor, average } = planOf(recipe({ fineTune, average: {} }), 2);
    expect(frozen?.parameter('stage1.0.expand.conv.weight')).toBe(true);
    expect(frozen?.statistics('stage1.0.expand.bn.mean')).toBe(false);
    expect([factor?.('stem.conv.weight'), factor?.('classes.weight')]).toEqual([0.1, 1]);
    expect(average).toBe(0.999);
    const batch = planOf(recipe({ fineTune: { freeze: ['*'], statistics: 'batch' } }), 2);
    expect(batch.frozen?.statistics('stem.bn.mean')).toBe(false);
  });

  it('changes nothing where nothing is said', () => {
    expect(planOf(recipe(), 2)).toMatchObject({ average: null });
    expect(Object.keys(planOf(recipe(), 2))).not.toEqual(expect.arrayContaining(['frozen']));
  });

  it('is refused where a pattern fits nothing, with what there is', () => {
    expect(problems({ freeze: ['stage9.*'] })).toEqual([
      expect.stringMatching(/^fineTune\.freeze\.0 fits no parameter of MobileFaceNet; there are stem\.\*, /),
    ]);
    expect(problems({ rates: [{ match: 'layer4.*', factor: 2 }] })).toEqual([
      expect.stringMatching(/^fineTune\.rates\.0\.match fits no parameter/),
    ]);
    expect(problems({ freeze: ['stage1.*', '!stage1.0.*', 'classes.weight'] })).toEqual([]);
  });

  it('is refused where nothing is left to train', () => {
    expect(problems({ freeze: ['*'] })).toEqual(['fineTune.freeze leaves nothing to train']);
    expect(problems({ freeze: ['*', '!classes.*'] })).toEqual([]);
  });
});
