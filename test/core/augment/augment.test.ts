import { describe, expect, it } from 'vitest';
import { augment, augmentSteps, jpegQuality } from '../../../src/core/augment/augment.ts';
import { type AugmentOptions, noAugmentation } from '../../../src/core/augment/options.ts';
import { augmentationSeed } from '../../../src/core/augment/seed.ts';
import type { RgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { copyOf, noisePicture } from '../../support/patterns.ts';

/** Each step switched on alone, for certain. */
const alone: Readonly<Record<string, Partial<AugmentOptions>>> = {
  flip: { flip: 1 },
  rotation: { rotation: 20, rotationChance: 1 },
  colours: { hue: 0.4, saturation: 0.4, brightness: 0.4 },
  pcaNoise: { pcaNoise: 0.5 },
  grey: { grey: 1 },
  randAugment: { randAugment: { operations: 3, magnitude: 9 } },
  blur: { blur: 1 },
};
const all: AugmentOptions = Object.assign({}, noAugmentation, ...Object.values(alone), {
  cropFrom: 40,
  flip: 0.5,
  grey: 0.5,
  blur: 0.5,
});

const image = noisePicture(32);
const run = (options: AugmentOptions, seed: number, from: RgbImage = image): RgbImage =>
  augment(from, options, 32, seededRandom(seed));

describe('augment', () => {
  it('has its steps in this order', () => {
    expect(augmentSteps.map(({ name }) => name)).toEqual(Object.keys(alone));
  });

  it('without anything gives the crop, and another size where the network’s is another', () => {
    expect(run(noAugmentation, 1).data).toEqual(image.data);
    expect(augment(image, noAugmentation, 20, seededRandom(1))).toMatchObject({ width: 20, height: 20 });
  });

  it.each(Object.keys(alone))('%s changes the result, by the seed, and never the crop itself', (name) => {
    const options = { ...noAugmentation, ...alone[name] };
    const from = copyOf(image);
    const out = run(options, 2, from);
    expect(from.data).toEqual(image.data);
    expect(out.data).not.toEqual(image.data);
    expect(run(options, 2).data).toEqual(out.data);
  });

  it('all at once depends on the seed alone', () => {
    const from = copyOf(image);
    const first = Array.from({ length: 12 }, (_, seed) => run(all, seed, from).data.join());
    expect(from.data).toEqual(image.data);
    expect(new Set(first).size).toBe(12);
    expect(Array.from({ length: 12 }, (_, seed) => run(all, seed).data.join())).toEqual(first);
  });

  it('draws nothing for what is switched off', () => {
    const random = seededRandom(9);
    augment(image, noAugmentation, 32, random);
    expect(jpegQuality(noAugmentation, random)).toBeNull();
    expect(random.next()).toBe(seededRandom(9).next());
    const rotationOff = { ...noAugmentation, rotation: 20, rotationChance: 0 };
    expect(run(rotationOff, 1).data).toEqual(image.data);
  });

  it('cuts the square from anywhere', () => {
    const places = new Set<string>();
    for (let seed = 0; seed < 300; seed++)
      places.add(run({ ...noAugmentation, cropFrom: 35 }, seed).data.join());
    expect(places.size).toBe(16); // 4 × 4 places
    expect(() => run({ ...noAugmentation, cropFrom: 31 }, 1)).toThrow('a square of 32 out of 31 pixels');
  });

  it('flips as often as it is told', () => {
    const flipped = Array.from(
      { length: 1000 },
      (_, seed) => run({ ...noAugmentation, flip: 0.3 }, seed).data[0] !== image.data[0],
    ).filter(Boolean).length;
    expect(Math.abs(flipped - 300)).toBeLessThan(58); // four deviations
  });

  it('takes a recipe’s augmentation as it is', () => {
    const { data } = recipeSchema.parse({ data: { version: 'abcd' } });
    const { plugin: _, ...own } = data.augmentation; // a step of the user's own comes after these
    const taken: AugmentOptions = own;
    expect(Object.keys(taken).sort()).toEqual(Object.keys(noAugmentation).sort());
  });
});

describe('jpegQuality', () => {
  it('is from 30 to 90, as often as it is told', () => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: 4000 }, () => jpegQuality({ ...noAugmentation, jpeg: 0.5 }, random));
    const qualities = drawn.filter((quality) => quality !== null);
    expect(Math.abs(qualities.length - 2000)).toBeLessThan(130);
    expect(Math.min(...qualities)).toBe(30);
    expect(Math.max(...qualities)).toBe(90);
  });
});

describe('augmentationSeed', () => {
  it('differs by run, epoch and place', () => {
    const seeds = new Set<number>();
    for (const run of [0, 1, 2 ** 31 - 1]) {
      for (let epoch = 0; epoch < 10; epoch++) {
        for (let place = 0; place < 1000; place++) seeds.add(augmentationSeed(run, epoch, place));
      }
    }
    // 30,000 of 2^32: a tenth of a pair is expected to meet
    expect(seeds.size).toBeGreaterThanOrEqual(29_998);
  });
});
