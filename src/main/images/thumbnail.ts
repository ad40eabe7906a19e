import sharp from 'sharp';
import { assert } from '../../core/base/assert.ts';
import type { RgbImage } from '../../core/base/image.ts';
import { plain } from './decode.ts';
import { type OpenedImage, openPicture, render } from './pipeline.ts';
import type { ReadOptions } from './probe.ts';
import type { ImageInput } from './source.ts';

const quality = 82;

/**
 * A small JPEG of the picture, upright, sRGB and without metadata, no side longer than `side`; pictures that are
 * smaller keep their size. Every pixel of the file is read, so that damage shows here. Errors: as `decodeImage`.
 */
export async function thumbnail(
  input: ImageInput,
  side: number,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  return thumbnailOpened(await openPicture(input, options), side);
}

export async function thumbnailOpened(image: OpenedImage, side: number): Promise<Uint8Array> {
  assert(side >= 1, `a thumbnail of ${side} pixels`);
  return plain(await render(image, side, (picture) => picture.jpeg({ quality }).toBuffer()));
}

/** The same of pixels that are at hand. */
export async function thumbnailOf(image: RgbImage, side: number): Promise<Uint8Array> {
  assert(side >= 1, `a thumbnail of ${side} pixels`);
  const { width, height, data } = image;
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  picture.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  return plain(await picture.jpeg({ quality }).toBuffer());
}
