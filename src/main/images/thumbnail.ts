import { assert } from '../../core/base/assert.ts';
import { plain } from './decode.ts';
import { type OpenedImage, openPicture, render } from './pipeline.ts';
import type { ReadOptions } from './probe.ts';
import type { ImageInput } from './source.ts';

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
  return plain(await render(image, side, (picture) => picture.jpeg({ quality: 82 }).toBuffer()));
}
