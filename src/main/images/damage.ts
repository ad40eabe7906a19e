import { error, type LineamentError } from '../../core/base/errors.ts';
import type { ImageFormat } from './sniff.ts';

/** Reads the messages of libvips and its decoders, and the structure of files, to say what is wrong with one. */

const truncatedMessage = /premature end of JPEG|Unexpected end of|File size too small|unexpected end of/i;

/**
 * Warnings of libjpeg that mean wrong pixels (jdhuff, jdphuff, jdmarker). Others (bytes before a marker, odd
 * headers, a wrong colour profile) are about files that every viewer shows well.
 */
const damageMessage =
  /premature end of data segment|bad Huffman code|bad arithmetic code|found marker .* instead of RST/i;

export const meansDamage = (message: string): boolean =>
  truncatedMessage.test(message) || damageMessage.test(message);

/** The catalogue's error for a decoder's failure. `bytes` is the file, or null where it is too large to hold. */
export function imageError(
  path: string,
  format: ImageFormat,
  bytes: Uint8Array | null,
  thrown: unknown,
): LineamentError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (truncatedMessage.test(message) || (bytes !== null && endsEarly(format, bytes))) {
    return error('image/truncated', { path }, thrown);
  }
  const detail = (message.split('\n')[0] ?? message).trim().slice(0, 200);
  return error('image/damaged', { path, detail }, thrown);
}

/** Whether the file's own structure reaches beyond its last byte. */
export function endsEarly(format: ImageFormat, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'png') return pngEndsEarly(view);
  if (format === 'webp') return view.byteLength < 12 || view.getUint32(4, true) + 8 > view.byteLength;
  if (format === 'tiff') {
    const littleEndian = view.getUint8(0) === 0x49;
    return view.byteLength < 8 || view.getUint32(4, littleEndian) + 2 > view.byteLength;
  }
  return false;
}

/** A PNG is a row of chunks: length, type, data, checksum. The last is IEND. */
function pngEndsEarly(view: DataView): boolean {
  const iend = 0x49454e44;
  for (let at = 8; at + 8 <= view.byteLength; ) {
    if (view.getUint32(at + 4) === iend) return false;
    at += 12 + view.getUint32(at);
  }
  return true;
}
