import { assert } from '../base/assert.ts';
import type { RgbImage } from '../base/image.ts';
import type { Random } from '../base/random.ts';
import { flip } from './flip.ts';
import type { AugmentOptions } from './options.ts';
import { resize } from './resize.ts';

/** A crop as a training step sees it: `size` pixels a side; the crop itself is left as it was. */
export function augment(image: RgbImage, options: AugmentOptions, size: number, random: Random): RgbImage {
  const { cropFrom } = options;
  const side = cropFrom ?? size;
  assert(side >= size, `a square of ${size} out of ${side} pixels`);
  const left = random.int(side - size + 1);
  const top = random.int(side - size + 1);
  const out = resize(image, { side, left, top, size });
  if (random.next() < options.flip) flip(out);
  return out;
}

/**
 * The quality at which the picture is compressed as JPEG, last of all; null: not at all. Drawn after `augment` from the same
 * generator. Compressing needs a codec, which is not here.
 */
export function jpegQuality(options: AugmentOptions, random: Random): number | null {
  return random.next() < options.jpeg ? 30 + random.int(61) : null;
}
