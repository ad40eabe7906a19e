import { describe, expect, it } from 'vitest';
import { randAugment, randAugmentOperations } from '../../../src/core/augment/rand-augment.ts';
import type { RgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { copyOf, noisePicture } from '../../support/patterns.ts';

/** Soft and in the middle of the range, so that every operation has something to change. */
function picture(): RgbImage {
  const image = noisePicture(24);
  for (let i = 0; i < image.data.length; i++) {
    image.data[i] = 60 + Math.floor((image.data[i] ?? 0) / 2) + (i % 5 === 0 ? 60 : 0);
  }
  return image;
}

const withoutMagnitude = new Set(['autoContrast', 'equalize']);

describe('randAugmentOperations', () => {
  it('are the 13 of face.evoLVe', () => {
    expect(randAugmentOperations.map(({ name }) => name)).toEqual([
      ...['autoContrast', 'equalize', 'rotate', 'solarize', 'color', 'posterize', 'contrast', 'brightness'],
      ...['sharpness', 'shearX', 'shearY', 'translateX', 'translateY'],
    ]);
  });

  it.each(randAugmentOperations)(
    '$name: same seed, same pixels; magnitude 0 changes nothing; 9 does',
    ({ name, apply }) => {
      const image = picture();
      const run = (magnitude: number, seed: number): RgbImage =>
        apply(copyOf(image), magnitude, seededRandom(seed));
      for (let magnitude = 0; magnitude <= 9; magnitude++) {
        const out = run(magnitude, 3);
        expect(out.data).toEqual(run(magnitude, 3).data);
        expect([out.width, out.height, out.data.length]).toEqual([24, 24, 24 * 24 * 3]);
      }
      if (!withoutMagnitude.has(name)) expect(run(0, 3).data).toEqual(image.data);
      expect(run(9, 3).data).not.toEqual(image.data);
    },
  );

  it.each(randAugmentOperations.filter(({ name }) => !/Contrast$|equalize|solarize|posterize/.test(name)))(
    '$name goes either way',
    ({ apply }) => {
      const outs = Array.from({ length: 20 }, (_, seed) =>
        apply(picture(), 9, seededRandom(seed)).data.join(),
      );
      expect(new Set(outs).size).toBe(2);
    },
  );
});

describe('randAugment', () => {
  it('draws as many operations as it is told, at magnitudes up to the most', () => {
    const options = { operations: 6, magnitude: 9 };
    const outs = Array.from({ length: 10 }, (_, seed) => randAugment(picture(), options, seededRandom(seed)));
    expect(new Set(outs.map(({ data }) => data.join())).size).toBe(10);
    expect(randAugment(picture(), options, seededRandom(4)).data).toEqual(outs[4]?.data);
  });

  it('with one operation gives each of the 13 results of magnitude 0', () => {
    const wanted = new Set(
      randAugmentOperations.map(({ apply }) => apply(picture(), 0, seededRandom(1)).data.join()),
    );
    expect(wanted.size).toBe(3); // unchanged, autoContrast, equalize
    const seen = new Set(
      Array.from({ length: 100 }, (_, seed) =>
        randAugment(picture(), { operations: 1, magnitude: 0 }, seededRandom(seed)).data.join(),
      ),
    );
    expect(seen).toEqual(wanted);
  });
});
