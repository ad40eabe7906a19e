import type { RgbImage } from '../../core/base/image.ts';
import type { Random } from '../../core/base/random.ts';
import { wrong } from './networks.ts';
import { failure, guarded, lineOf, type PluginText } from './place.ts';
import { augmentationShape, wrongWith } from './shapes.ts';

/** Alters a picture [size, size, 3], in place or as a new one of the same sides. */
export type Augmentation = (image: RgbImage, random: Random) => RgbImage;

/** What a plugin returned, as an augmentation. Errors, now and at every picture: `plugin/failed`. */
export function asAugmentation(plugin: PluginText, made: unknown): Augmentation {
  const parsed = augmentationShape.safeParse(made);
  if (!parsed.success) throw wrong(plugin, wrongWith(parsed.error));
  const augment = parsed.data.augment as (image: RgbImage, random: Random) => unknown;
  const line = lineOf(plugin.text, /\baugment\b\s*[(:,]/);
  return (image, random) => {
    const { width, height } = image;
    const out = guarded(plugin, () => augment(image, random));
    if (
      isPicture(out) &&
      out.width === width &&
      out.height === height &&
      out.data.length === width * height * 3
    )
      return out;
    const got = isPicture(out) ? `a picture of ${out.width} × ${out.height}` : `a ${typeof out}`;
    throw failure(plugin, line, `“augment” gives ${got}, and must give a picture of ${width} × ${height}.`);
  };
}

function isPicture(value: unknown): value is RgbImage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    value.data instanceof Uint8Array &&
    'width' in value &&
    'height' in value
  );
}
