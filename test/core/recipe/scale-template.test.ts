import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { impossible } from '../../../src/core/recipe/impossible.ts';
import { estimateMemory, memoryOf } from '../../../src/core/recipe/memory.ts';
import { type Recipe, recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { type DataAtHand, scaleTemplate } from '../../../src/core/recipe/scale-template.ts';
import { type Sizes, sizesOf, summarise } from '../../../src/core/recipe/sizes.ts';
import { type Template, templates } from '../../../src/core/recipe/templates.ts';
import { rateAt } from '../../../src/core/training/schedule.ts';

const template = (id: string): Template => {
  const found = templates.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no template ${id}`);
  return found;
};
const hand = (sizes: Sizes, more: Partial<DataAtHand> = {}): DataAtHand => ({
  ...{ version: 'abcdef', sizes, memory: 64e9, provider: 'cpu' },
  ...more,
});
/** MS-Celeb-1M as FaceX-Zoo cleaned it. */
const celebrities: Sizes = [[45, 72_778]];
/** 158 people of LFW who have ten or more. */
const lfw: Sizes = [
  [10, 60],
  [18, 60],
  [25, 38],
];

describe('templates', () => {
  it('have names of their own, and are whole recipes with a version', () => {
    expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
    for (const { recipe } of templates) {
      const whole = { ...recipe, data: { ...recipe.data, version: 'abcd' } };
      expect(recipeSchema.safeParse(whole).success).toBe(true);
    }
  });

  it('are the papers’ on the papers’ data, but for what the memory allows', () => {
    const evolve = scaleTemplate(template('face-evolve'), hand(celebrities, { memory: 1e12 }));
    expect(evolve).toMatchObject({
      batch: 512,
      epochs: 125,
      data: { minImagesPerIdentity: 10, sampler: { kind: 'balanced' } },
      network: { backbone: 'ir-50', pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' } },
      head: { kind: 'arcface', options: { scale: 64, margin: 0.5 } },
      loss: { kind: 'focal', gamma: 2, form: 'batch' },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      schedule: { rate: 0.1, warmUp: { epochs: 5, from: 0 }, decay: { at: [35, 65, 95], factor: 0.1 } },
    });
    expect(scaleTemplate(template('facex-zoo-mobile'), hand(celebrities, { memory: 1e12 }))).toMatchObject({
      batch: 512,
      epochs: 18,
      network: { backbone: 'mobilefacenet', pixels: { mean: 127.5, deviation: 128, order: 'bgr' } },
      head: { kind: 'arcface', options: { scale: 32, margin: 0.35 } },
      optimizer: { weightDecay: 1e-4 },
      schedule: { rate: 0.1, warmUp: { epochs: 0 }, decay: { kind: 'step', at: [10, 13, 16] } },
    });
  });

  it('shrink batch and rate together', () => {
    const small = scaleTemplate(template('face-evolve'), hand(lfw, { memory: 4e9 }));
    expect(small.batch).toBeLessThan(64);
    expect(small.schedule.rate).toBeCloseTo((0.1 * small.batch) / 512, 3);
  });

  it('stretch epochs, warm-up and the rate’s steps together where there is little data', () => {
    const some: Sizes = [[10, 40]];
    const recipe = scaleTemplate(template('facex-zoo-mobile'), hand(some));
    const stretch = recipe.epochs / 18;
    expect(stretch).toBeGreaterThan(1.5);
    expect(stretch).toBeLessThanOrEqual(10);
    const { decay } = recipe.schedule;
    if (decay.kind !== 'step') throw new Error('steps');
    expect(decay.at).toHaveLength(3);
    decay.at.forEach((at, i) => {
      expect(at / (([10, 13, 16][i] ?? 0) * stretch)).toBeCloseTo(1, 1);
    });
  });

  it('keep a quick look to 300 steps on a processor, and to more on a device', () => {
    const stepsOf = ({ batch, epochs, data }: Recipe): number => {
      const { images } = summarise(lfw, data.minImagesPerIdentity);
      return (epochs * images * (1 - data.holdOut.share)) / batch;
    };
    const cpu = stepsOf(scaleTemplate(template('quick-look'), hand(lfw)));
    expect(cpu).toBeGreaterThan(280);
    expect(cpu).toBeLessThan(330);
    expect(stepsOf(scaleTemplate(template('quick-look'), hand(lfw, { provider: 'cuda' })))).toBeGreaterThan(
      600,
    );
  });

  it('leave out small identities only while half of the pictures stay', () => {
    const asked = (sizes: Sizes): number =>
      scaleTemplate(template('face-evolve'), hand(sizes)).data.minImagesPerIdentity;
    expect(
      asked([
        [9, 100],
        [10, 100],
      ]),
    ).toBe(10); // 1,000 of 1,900 pictures stay
    expect(
      asked([
        [9, 120],
        [10, 100],
      ]),
    ).toBe(5); // 1,000 of 2,080 would
    expect(
      asked([
        [4, 120],
        [10, 3],
      ]),
    ).toBe(2);
    expect(asked([[1, 120]])).toBe(1);
  });

  it('hold out two identities at least, a thousand at most, and pictures where people are few', () => {
    const held = (sizes: Sizes): Recipe['data']['holdOut'] =>
      scaleTemplate(template('small-set'), hand(sizes)).data.holdOut;
    expect(held([[5, 8]])).toEqual({ by: 'identities', share: 0.25 });
    expect(held([[5, 7]])).toEqual({ by: 'images', share: 0.2 });
    expect(held([[1, 7]])).toEqual({ by: 'none', share: 0 });
    expect(held([[5, 1000]]).share).toBe(0.1);
    expect(held([[5, 100_000]]).share * 100_000).toBeCloseTo(1000, 0);
  });
});

describe('any template on any data', () => {
  const random = seededRandom(11);
  /** From 2 to 1,000,000 pictures, evenly by their logarithm, of 2 to all of them identities. */
  const drawn = Array.from({ length: 18 }, (_, i): DataAtHand => {
    const images = Math.round(Math.exp(Math.log(2) + (i / 17) * Math.log(500_000)));
    const identities = Math.max(1, Math.round(images ** random.next()));
    const each = Math.max(1, Math.floor(images / identities));
    const sizes: Sizes =
      images <= 2000
        ? sizesOf(Array.from({ length: images }, () => random.int(identities)))
        : [
            [each, identities],
            [each * 3, 1 + random.int(20)],
          ];
    const memory = 1e9 * 2 ** random.int(8);
    return hand(sizes, { memory, provider: random.int(2) === 0 ? 'cpu' : 'webgpu' });
  });

  it.each(templates.map((one) => [one.id, one] as const))('%s gives a sensible recipe', (_, one) => {
    for (const at of drawn) {
      const recipe = scaleTemplate(one, at);
      expect(recipeSchema.parse(recipe)).toEqual(recipe);
      const { images, identities } = summarise(at.sizes, recipe.data.minImagesPerIdentity);
      expect(images * 2).toBeGreaterThanOrEqual(summarise(at.sizes).images);
      expect(recipe.batch).toBeGreaterThanOrEqual(2);
      expect(recipe.batch).toBeLessThanOrEqual(
        Math.max(2, Math.min(16, images / 2), Math.min(one.recipe.batch, images / 6)),
      );
      const estimate = estimateMemory(recipe, Math.max(2, identities));
      if (recipe.batch > 2) expect(memoryOf(estimate, recipe.batch)).toBeLessThan(at.memory * 0.65);
      if (recipe.data.holdOut.by === 'identities') {
        expect(Math.round(recipe.data.holdOut.share * identities)).toBeGreaterThanOrEqual(2);
      }
      const { scale } = recipe.head.options;
      if (scale !== undefined) expect(scale).toBeGreaterThanOrEqual(8);
      const { sampler } = recipe.data;
      if (sampler.kind === 'identities') expect(sampler.identities * sampler.pictures).toBe(recipe.batch);
      expect(recipe.epochs).toBeLessThanOrEqual(one.recipe.epochs * 10);
      expect(recipe.schedule.warmUp.epochs).toBeLessThan(recipe.epochs);
      expect(recipe.validation.everyEpochs).toBeLessThanOrEqual(recipe.epochs);
      const { decay } = recipe.schedule;
      if (decay.kind === 'step') {
        expect(decay.at.every((epoch, i) => epoch < recipe.epochs && epoch > (decay.at[i - 1] ?? 0))).toBe(
          true,
        );
      }
    }
  });

  it('for triplets draws as many people as a batch holds and there are', () => {
    const at = (sizes: Sizes) => scaleTemplate(template('triplet'), hand(sizes));
    expect(at(celebrities)).toMatchObject({
      batch: 64,
      data: { sampler: { kind: 'identities', identities: 16, pictures: 4 } },
      head: { kind: 'triplet', options: { margin: 0.3 } },
      optimizer: { kind: 'adamw' },
      schedule: { rate: 3e-4 },
    });
    // of nine people one in ten, two at least, are held out: seven are 28 pictures
    const few = at([[100, 9]]);
    expect(few).toMatchObject({ batch: 16, data: { sampler: { identities: 4, pictures: 4 } } });
    expect(impossible(few)).toEqual([]);
    // a batch of two is no two people with two pictures
    expect(at([[1, 4]]).data.sampler).toEqual({ kind: 'shuffle' });
  });

  it('has a rate that never exceeds the published one', () => {
    for (const at of drawn) {
      const { schedule, batch } = scaleTemplate(template('face-evolve-tricks'), at);
      const whole = { base: schedule.rate, decay: { kind: 'cosine', end: 0 }, total: 100 } as const;
      expect(rateAt({ ...whole, warmUp: { steps: 10, from: 0 } }, 50)).toBeLessThanOrEqual(
        (0.105 * batch) / 512,
      );
    }
  });
});
