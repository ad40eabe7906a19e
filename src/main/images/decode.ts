import { assert } from '../../core/base/assert.ts';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';
import { type OpenedImage, openPicture, render } from './pipeline.ts';
import type { ReadOptions } from './probe.ts';
import type { ImageInput } from './source.ts';

export interface DecodeOptions extends ReadOptions {
  /** Longest side of the result in pixels; larger pictures are shrunk, smaller ones left as they are. */
  readonly maxSide?: number | undefined;
}

/**
 * The pixels of a picture: upright by EXIF, sRGB by its colour profile, eight bits, alpha over white, first frame.
 * Errors: image/missing, unreadable, empty, file-too-large, unknown-format, unsupported-format, too-large,
 * truncated, damaged.
 */
export async function decodeImage(input: ImageInput, options: DecodeOptions = {}): Promise<RgbImage> {
  return decodeOpened(await openPicture(input, options), options.maxSide);
}

export async function decodeOpened(image: OpenedImage, maxSide?: number): Promise<RgbImage> {
  assert(maxSide === undefined || maxSide >= 1, `a longest side of ${maxSide}`);
  const { data, info } = await render(image, maxSide ?? null, (picture) =>
    picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  return rgbImage(info.width, info.height, plain(data));
}

/** The same bytes without Buffer's methods, which differ from Uint8Array's (slice). */
export function plain(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
