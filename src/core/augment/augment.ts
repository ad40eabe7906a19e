import { assert } from '../base/assert.ts';
import type { RgbImage } from '../base/image.ts';
import type { Random } from '../base/random.ts';
import { blur } from './blur.ts';
import { flip } from './flip.ts';
import { toGrey } from './grey.ts';
import { scaleHsv } from './hsv.ts';
import type { AugmentOptions } from './options.ts';
import { addPcaNoise } from './pca-noise.ts';
import { randAugment } from './rand-augment.ts';
import { resize } from './resize.ts';
import { rotate } from './warp.ts';

export interface AugmentStep {
  readonly name: string;
  /** The result is the picture itself, altered or not, or a new one. */
  readonly apply: (image: RgbImage, options: AugmentOptions, random: Random) => RgbImage;
}

/** From 1 − most to 1 + most. */
function factor(most: number, random: Random): number {
  return 1 + most * (2 * random.next() - 1);
}

/**
 * What is done after resizing and cutting, in this order: where the face is, what colour it has, RandAugment, what the camera
 * does last. A step that is switched off draws no number, so that it doesn't alter what the others do; changing the
 * order or the draws changes what runs continue with.
 */
export const augmentSteps: readonly AugmentStep[] = [
  {
    name: 'flip',
    apply: (image, options, random) => {
      if (options.flip > 0 && random.next() < options.flip) flip(image);
      return image;
    },
  },
  {
    name: 'rotation',
    apply: (image, { rotation, rotationChance }, random) => {
      if (rotation === 0 || random.next() >= rotationChance) return image;
      return rotate(image, rotation * (2 * random.next() - 1), 'edge');
    },
  },
  {
    name: 'colours',
    apply: (image, { hue, saturation, brightness }, random) => {
      if (hue === 0 && saturation === 0 && brightness === 0) return image;
      scaleHsv(image, {
        hue: factor(hue, random),
        saturation: factor(saturation, random),
        brightness: factor(brightness, random),
      });
      return image;
    },
  },
  {
    name: 'pcaNoise',
    apply: (image, { pcaNoise }, random) => {
      if (pcaNoise === 0) return image;
      addPcaNoise(image, [
        pcaNoise * random.normal(),
        pcaNoise * random.normal(),
        pcaNoise * random.normal(),
      ]);
      return image;
    },
  },
  {
    name: 'grey',
    apply: (image, { grey }, random) => {
      if (grey > 0 && random.next() < grey) toGrey(image);
      return image;
    },
  },
  {
    name: 'randAugment',
    apply: (image, { randAugment: options }, random) =>
      options === null ? image : randAugment(image, options, random),
  },
  {
    name: 'blur',
    apply: (image, options, random) => {
      if (options.blur > 0 && random.next() < options.blur) blur(image, 0.5 + random.next());
      return image;
    },
  },
];

/**
 * A crop as a training step sees it, `size` pixels a side: resized (and a random square cut out), then `augmentSteps`. The
 * crop itself is left as it was. JPEG noise comes last, by whoever has a codec: `jpegQuality`.
 */
export function augment(image: RgbImage, options: AugmentOptions, size: number, random: Random): RgbImage {
  const side = options.cropFrom ?? size;
  assert(side >= size, `a square of ${size} out of ${side} pixels`);
  const free = side - size + 1;
  const left = free > 1 ? random.int(free) : 0;
  const top = free > 1 ? random.int(free) : 0;
  return augmentSteps.reduce(
    (out, { apply }) => apply(out, options, random),
    resize(image, { side, left, top, size }),
  );
}

/** The quality at which the picture is compressed as JPEG; null: not at all. Drawn after `augment` from the same generator. */
export function jpegQuality({ jpeg }: AugmentOptions, random: Random): number | null {
  return jpeg > 0 && random.next() < jpeg ? 30 + random.int(61) : null;
}
