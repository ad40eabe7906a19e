import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from '../../core/base/image.ts';
import { decodeBmp } from './bmp.ts';
import { imageError, meansDamage } from './damage.ts';
import { checkPixels, defaultLimits, type ImageLimits } from './limits.ts';
import { decodePnm } from './pnm.ts';
import { type ImageProbe, probeSource, type ReadOptions } from './probe.ts';
import { type ImageInput, type ImageSource, openImage } from './source.ts';

/** A picture that was opened once, for several uses: its header, a thumbnail, its pixels. */
export interface OpenedImage {
  readonly source: ImageSource;
  readonly probe: ImageProbe;
  readonly limits: ImageLimits;
}

/** Opens a picture and reads its header. Errors: those of `probeImage`. */
export async function openPicture(input: ImageInput, options: ReadOptions = {}): Promise<OpenedImage> {
  const limits = options.limits ?? defaultLimits;
  const source = await openImage(input, limits.bytes, options.name);
  return { source, probe: await probeSource(source, limits), limits };
}

/**
 * Decodes the picture upright, as eight-bit sRGB without alpha (transparent parts become white, as viewers show
 * them), no side longer than `maxSide`, and hands it to `finish` for the form of the result. Shrinking happens while
 * decoding where the format can (JPEG by 2, 4, 8; others row by row), so that memory follows the result's size.
 */
export async function render<Result>(
  image: OpenedImage,
  maxSide: number | null,
  finish: (picture: Sharp) => Promise<Result>,
): Promise<Result> {
  const { source, limits } = image;
  checkPixels(source.name, resultSize(image.probe, maxSide), limits.heldPixels);
  const own = decodeOwn(source);
  if (own !== null) {
    const raw = { width: own.width, height: own.height, channels: 3 } as const;
    return finish(standard(sharp(own.data, { raw, limitInputPixels: false }), maxSide));
  }
  const attempt = (failOn: 'warning' | 'error'): Promise<Result> => {
    const input = source.bytes ?? source.path ?? '';
    const options = { failOn, limitInputPixels: false, sequentialRead: true };
    return finish(standard(sharp(input, options).autoOrient(), maxSide));
  };
  try {
    return await attempt('warning');
  } catch (thrown) {
    if (thrown instanceof Error && meansDamage(thrown.message)) {
      throw imageError(source.name, source.format, source.bytes, thrown);
    }
  }
  // A warning that says nothing about the pixels (an odd header or colour profile) must not cost the photograph.
  try {
    return await attempt('error');
  } catch (thrown) {
    throw imageError(source.name, source.format, source.bytes, thrown);
  }
}

/** Formats that libvips as packaged does not read. */
function decodeOwn(source: ImageSource): RgbImage | null {
  if (source.format === 'bmp') return decodeBmp(source);
  if (source.format === 'pnm') return decodePnm(source);
  return null;
}

function standard(picture: Sharp, maxSide: number | null): Sharp {
  const flat = picture.flatten({ background: '#ffffff' }).toColourspace('srgb');
  if (maxSide === null) return flat;
  return flat.resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true });
}

function resultSize(probe: ImageProbe, maxSide: number | null): { width: number; height: number } {
  const scale = maxSide === null ? 1 : Math.min(1, maxSide / Math.max(probe.width, probe.height));
  return { width: Math.round(probe.width * scale), height: Math.round(probe.height * scale) };
}
