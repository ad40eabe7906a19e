import { crc32, inflateSync } from 'node:zlib';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';

/**
 * Reads the PNGs that `encodeCrop` writes: eight bits of red, green and blue, not interlaced. libvips takes three times as long
 * for a picture as small as a crop, most of it for setting itself up, and a training run reads millions of them.
 * Null for PNGs of other kinds and for other files. Throws what is wrong with a damaged one: checksums are looked at.
 */
export function readRgbPng(bytes: Uint8Array): RgbImage | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return null;
  if (view.getUint32(12) !== chunk.header) return null;
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  // depth 8, colour type 2 (RGB), deflate, adaptive filters, not interlaced
  if (view.getUint32(24) !== 0x08020000 || bytes[28] !== 0) return null;
  if (width === 0 || height === 0 || width * height > 2 ** 24) return null;

  const parts: Uint8Array[] = [];
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw new Error('it ends before its last pixel');
    const length = view.getUint32(at);
    const kind = view.getUint32(at + 4);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new Error('it ends before its last pixel');
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Error(`the checksum at byte ${end} is wrong`);
    }
    if (kind === chunk.end) break;
    if (kind === chunk.data) parts.push(bytes.subarray(at + 8, end));
    at = end + 4;
  }
  const packed = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  const size = height * (width * 3 + 1);
  const rows = inflateSync(packed, { chunkSize: Math.max(64, size + 1), maxOutputLength: size + 1 });
  if (rows.length !== size) throw new Error(`${rows.length} bytes of pixels instead of ${size}`);
  return rgbImage(width, height, unfilter(rows, width, height));
}

/** Four letters as a number. */
const chunk = { header: 0x49484452, data: 0x49444154, end: 0x49454e44 } as const;

/**
 * Pixels from rows that begin with the number of their filter, in which every byte is a difference to what the byte a pixel to
 * the left (a), above (b) and above the left (c) foretell (PNG specification, section 9).
 */
function unfilter(rows: Uint8Array, width: number, height: number): Uint8Array {
  const row = width * 3;
  const out = new Uint8Array(row * height);
  let i = 0;
  for (let y = 0; y < height; y++) {
    const filter = rows[i++] ?? 0;
    const start = y * row;
    const above = start - row; // negative in the first row, where it reads nothing: 0
    switch (filter) {
      case 0:
        for (let x = 0; x < row; x++) out[start + x] = rows[i + x] ?? 0;
        break;
      case 1:
        for (let x = 0; x < row; x++) {
          const a = x < 3 ? 0 : (out[start + x - 3] ?? 0);
          out[start + x] = (rows[i + x] ?? 0) + a;
        }
        break;
      case 2:
        for (let x = 0; x < row; x++) {
          const b = y === 0 ? 0 : (out[above + x] ?? 0);
          out[start + x] = (rows[i + x] ?? 0) + b;
        }
        break;
      case 3:
        for (let x = 0; x < row; x++) {
          const a = x < 3 ? 0 : (out[start + x - 3] ?? 0);
          const b = y === 0 ? 0 : (out[above + x] ?? 0);
          out[start + x] = (rows[i + x] ?? 0) + ((a + b) >> 1);
        }
        break;
      case 4:
        unfilterPaeth(rows, i, out, start, row, y === 0);
        break;
      default:
        throw new Error(`row ${y} has the filter ${filter}, which there is not`);
    }
    i += row;
  }
  return out;
}

/**
 * Adds to each byte whichever of a, b, c is nearest to a + b − c, in this order (Paeth 1991). Nearly all rows of photographs have
 * this filter, so that the three channels' neighbours are kept at hand instead of read again.
 */
function unfilterPaeth(
  rows: Uint8Array,
  from: number,
  out: Uint8Array,
  start: number,
  row: number,
  first: boolean,
): void {
  const above = first ? out.subarray(0, 0) : out.subarray(start - row, start);
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let c0 = 0;
  let c1 = 0;
  let c2 = 0;
  for (let x = 0; x < row; x += 3) {
    const b0 = first ? 0 : (above[x] ?? 0);
    const b1 = first ? 0 : (above[x + 1] ?? 0);
    const b2 = first ? 0 : (above[x + 2] ?? 0);
    a0 = ((rows[from + x] ?? 0) + nearest(a0, b0, c0)) & 255;
    a1 = ((rows[from + x + 1] ?? 0) + nearest(a1, b1, c1)) & 255;
    a2 = ((rows[from + x + 2] ?? 0) + nearest(a2, b2, c2)) & 255;
    out[start + x] = a0;
    out[start + x + 1] = a1;
    out[start + x + 2] = a2;
    c0 = b0;
    c1 = b1;
    c2 = b2;
  }
}

/** Without branches, which nobody could foretell: it is three times as fast. x >> 31 is −1 for negative x and 0 otherwise. */
function nearest(a: number, b: number, c: number): number {
  // the distances to p = a + b − c are p − a = b − c, p − b = a − c, and their sum
  const toA = b - c;
  const toB = a - c;
  const toC = toA + toB;
  const farA = (toA ^ (toA >> 31)) - (toA >> 31);
  const farB = (toB ^ (toB >> 31)) - (toB >> 31);
  const farC = (toC ^ (toC >> 31)) - (toC >> 31);
  const notA = ((farB - farA) | (farC - farA)) >> 31;
  const notB = (farC - farB) >> 31;
  const other = b ^ ((b ^ c) & notB);
  return a ^ ((a ^ other) & notA);
}
