import { error } from '../../core/base/errors.ts';
import type { ImageFormat } from './sniff.ts';

/**
 * How large a picture may be. A file of a few kilobytes may claim 100,000 × 100,000 pixels (a decompression bomb),
 * so that sizes are checked by the header, before anything is decoded.
 */
export interface ImageLimits {
  /** Most pixels of a picture that is decoded row by row and shrunk on the way: memory stays small, time grows. */
  readonly streamedPixels: number;
  /** Most pixels that are held in memory at once, 3 to 8 bytes each: formats without rows, and full-size results. */
  readonly heldPixels: number;
  /** Most bytes of a file. */
  readonly bytes: number;
}

export const defaultLimits: ImageLimits = {
  streamedPixels: 500e6, // 20,000 × 20,000 fits
  heldPixels: 200e6, // 600 MB as RGB
  bytes: 2 ** 31,
};

/** Whether libvips decodes the format row by row; progressive and interlaced files need the whole picture. */
export function isStreamed(format: ImageFormat, progressive: boolean): boolean {
  return !progressive && (format === 'jpeg' || format === 'png' || format === 'tiff');
}

/** Throws `image/too-large` where a picture of this size would be over the limits. */
export function checkPixels(path: string, size: Size, limit: number): void {
  const pixels = size.width * size.height;
  if (pixels <= limit) return;
  throw error('image/too-large', {
    path,
    width: size.width,
    height: size.height,
    megapixels: Math.round(pixels / 1e6),
    limit: Math.round(limit / 1e6),
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}
