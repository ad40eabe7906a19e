import sharp from 'sharp';
import { probeBmp } from './bmp.ts';
import { imageError } from './damage.ts';
import { checkPixels, defaultLimits, type ImageLimits, isStreamed } from './limits.ts';
import { probePnm } from './pnm.ts';
import type { ImageFormat } from './sniff.ts';
import { type ImageInput, type ImageSource, openImage } from './source.ts';

/** What a picture's header says. */
export interface ImageProbe {
  readonly format: ImageFormat;
  /** Pixels of the upright picture. */
  readonly width: number;
  readonly height: number;
  /** How the stored rows stand: the EXIF value 1 to 8; 1 is upright, 5 to 8 swap width and height. */
  readonly orientation: number;
  /** Bits of a channel as stored: 1, 2, 4, 8, 16 or 32. */
  readonly bits: number;
  /** The stored colours: 'srgb', 'b-w', 'cmyk', 'rgb16', 'grey16' …, as libvips names them. */
  readonly space: string;
  readonly alpha: boolean;
  /** Frames of an animation or pages of a document; the first is decoded. */
  readonly pages: number;
  /** Whether decoding can go row by row in little memory. */
  readonly streamed: boolean;
  /** Bytes of the file. */
  readonly bytes: number;
}

export interface ReadOptions {
  /** What errors call the picture; otherwise its path. */
  readonly name?: string | undefined;
  readonly limits?: ImageLimits | undefined;
}

/**
 * Reads a picture's header only.
 * Errors: those of `openImage`, image/truncated, image/damaged, and image/too-large for sizes that are never decoded.
 */
export async function probeImage(input: ImageInput, options: ReadOptions = {}): Promise<ImageProbe> {
  const limits = options.limits ?? defaultLimits;
  return probeSource(await openImage(input, limits.bytes, options.name), limits);
}

export async function probeSource(source: ImageSource, limits: ImageLimits): Promise<ImageProbe> {
  const probe = await readHeader(source);
  checkPixels(source.name, probe, probe.streamed ? limits.streamedPixels : limits.heldPixels);
  return probe;
}

async function readHeader(source: ImageSource): Promise<ImageProbe> {
  if (source.format === 'bmp') return probeBmp(source);
  if (source.format === 'pnm') return probePnm(source);
  try {
    // Sizes are checked by our own limits, which name the file.
    const header = await sharp(source.bytes ?? source.path ?? '', { limitInputPixels: false }).metadata();
    return {
      format: source.format,
      width: header.autoOrient.width,
      height: header.autoOrient.height,
      orientation: header.orientation ?? 1,
      bits: header.bitsPerSample ?? (header.depth === 'ushort' ? 16 : 8),
      space: header.space,
      alpha: header.hasAlpha,
      pages: header.pages ?? 1,
      streamed: isStreamed(source.format, header.isProgressive),
      bytes: source.size,
    };
  } catch (thrown) {
    throw imageError(source.name, source.format, source.bytes, thrown);
  }
}
