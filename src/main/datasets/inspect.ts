import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Cancelled, error, toErrorInfo } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import { decodeOpened } from '../images/decode.ts';
import type { ImageLimits } from '../images/limits.ts';
import { openPicture } from '../images/pipeline.ts';
import type { ImageFormat } from '../images/sniff.ts';
import { fileError, type ImageSource } from '../images/source.ts';
import { thumbnailOf, thumbnailOpened } from '../images/thumbnail.ts';
import type { PhotoLocation, SourcePhoto, SourceProblem } from './types.ts';

/** What is recorded of a photograph when it is imported. */
export interface PhotoRecord {
  readonly kind: 'record';
  readonly key: string;
  readonly label: string | null;
  readonly location: PhotoLocation;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
  readonly modified: number | null;
  /** Pixels of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** JPEG. */
  readonly thumbnail: Uint8Array;
  /** Where they were asked for. */
  readonly pixels: RgbImage | null;
}

export interface InspectOptions {
  /** Longest side of the thumbnail, in pixels. */
  readonly side: number;
  readonly limits?: ImageLimits | undefined;
  /** Also keep the pixels, shrunk to this side where it is longer; then the picture has to be square: import/not-square. */
  readonly square?: number | undefined;
}

/**
 * Hashes a photograph, reads its header and makes its thumbnail, which decodes all of it: what passes here can be
 * used. The file is read once (twice above 64 MB). Whatever goes wrong becomes a problem; only `Cancelled` is thrown.
 */
export async function inspectPhoto(
  photo: SourcePhoto,
  options: InspectOptions,
): Promise<PhotoRecord | SourceProblem> {
  const { key, label, location, modified } = photo;
  try {
    const input = location.type === 'file' ? location.path : location.bytes;
    const picture = await openPicture(input, { name: key, limits: options.limits });
    const { width, height, format, bytes } = picture.probe;
    if (options.square !== undefined && width !== height)
      throw error('import/not-square', { path: key, width, height });
    // Decoded once where the pixels are wanted.
    const pixels = options.square === undefined ? null : await decodeOpened(picture, options.square);
    const { side } = options;
    const thumbnail = await (pixels === null ? thumbnailOpened(picture, side) : thumbnailOf(pixels, side));
    const digest = await hashSource(picture.source);
    const size = { bytes, modified, width, height };
    return { kind: 'record', key, label, location, hash: digest, ...size, format, thumbnail, pixels };
  } catch (thrown) {
    if (thrown instanceof Cancelled) throw thrown;
    return { kind: 'problem', key, error: toErrorInfo(fileError(key, thrown)) };
  }
}

async function hashSource(source: ImageSource): Promise<string> {
  if (source.bytes !== null) return hash('sha256', source.bytes);
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(source.path ?? '', { highWaterMark: 2 ** 20 }))
    digest.update(chunk);
  return digest.digest('hex');
}
