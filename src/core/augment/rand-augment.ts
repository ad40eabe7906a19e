import type { RgbImage } from '../base/image.ts';
import type { Random } from '../base/random.ts';
import { brightness, color, contrast, sharpness } from './enhance.ts';
import { autoContrast, equalize, posterize, solarize } from './tone.ts';
import { rotate, warp } from './warp.ts';

export interface RandAugmentOperation {
  readonly name: string;
  /** `magnitude` is 0..9. The result is the picture itself, altered, or a new one. */
  readonly apply: (image: RgbImage, magnitude: number, random: Random) => RgbImage;
}

const mostMagnitude = 9;

/** What moving a picture uncovers. */
const grey = 128;

/** From 0 to `most`, as the magnitude goes. */
function amount(magnitude: number, most: number): number {
  return (most * magnitude) / mostMagnitude;
}

function eitherWay(random: Random): 1 | -1 {
  return random.next() < 0.5 ? -1 : 1;
}

function inPlace(change: (image: RgbImage, magnitude: number, random: Random) => void) {
  return (image: RgbImage, magnitude: number, random: Random): RgbImage => {
    change(image, magnitude, random);
    return image;
  };
}

function enhance(change: (image: RgbImage, factor: number) => void, most: number) {
  return inPlace((image, magnitude, random) =>
    change(image, 1 + amount(magnitude, most) * eitherWay(random)),
  );
}

/**
 * The 13 operations of face.evoLVe, with its ranges, but for two: it turns pictures by up to 360°, which is 30° here as in
 * RandAugment (Cubuk et al. 2020), since no camera holds faces upside down; and its `equalize` does nothing, which is
 * done here. Magnitude 0 changes nothing but in autoContrast and equalize, which have no magnitude.
 */
export const randAugmentOperations: readonly RandAugmentOperation[] = [
  { name: 'autoContrast', apply: inPlace(autoContrast) },
  { name: 'equalize', apply: inPlace(equalize) },
  {
    name: 'rotate',
    apply: (image, magnitude, random) => rotate(image, amount(magnitude, 30) * eitherWay(random), grey),
  },
  { name: 'solarize', apply: inPlace((image, magnitude) => solarize(image, 256 - amount(magnitude, 25))) },
  { name: 'color', apply: enhance(color, 0.9) },
  {
    name: 'posterize',
    apply: inPlace((image, magnitude) => posterize(image, 8 - Math.round(amount(magnitude, 4)))),
  },
  { name: 'contrast', apply: enhance(contrast, 0.5) },
  { name: 'brightness', apply: enhance(brightness, 0.3) },
  { name: 'sharpness', apply: enhance(sharpness, 0.9) },
  {
    name: 'shearX',
    apply: (image, magnitude, random) =>
      warp(image, [1, amount(magnitude, 0.3) * eitherWay(random), 0, 0, 1, 0], grey),
  },
  {
    name: 'shearY',
    apply: (image, magnitude, random) =>
      warp(image, [1, 0, 0, amount(magnitude, 0.3) * eitherWay(random), 1, 0], grey),
  },
  {
    name: 'translateX',
    apply: (image, magnitude, random) =>
      warp(image, [1, 0, amount(magnitude, 0.2) * image.width * eitherWay(random), 0, 1, 0], grey),
  },
  {
    name: 'translateY',
    apply: (image, magnitude, random) =>
      warp(image, [1, 0, 0, 0, 1, amount(magnitude, 0.2) * image.height * eitherWay(random)], grey),
  },
];

/** So many operations by chance, one may come twice, each at a whole magnitude by chance from 0 to `magnitude`. */
export function randAugment(
  image: RgbImage,
  { operations, magnitude }: { readonly operations: number; readonly magnitude: number },
  random: Random,
): RgbImage {
  let out = image;
  for (let i = 0; i < operations; i++) {
    const operation = randAugmentOperations[random.int(randAugmentOperations.length)];
    if (operation !== undefined) out = operation.apply(out, random.int(magnitude + 1), random);
  }
  return out;
}
