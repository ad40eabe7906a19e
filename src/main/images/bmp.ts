import { error } from '../../core/base/errors.ts';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';
import { heldFile } from './held.ts';
import type { ImageProbe } from './probe.ts';
import type { ImageSource } from './source.ts';

/**
 * Windows bitmaps without compression, in which older face collections come; libvips as packaged lacks them.
 * 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks. Alpha is ignored, as most writers leave
 * it undefined.
 */
interface Header {
  readonly width: number;
  readonly height: number;
  /** Rows run from the bottom up unless the stored height is negative. */
  readonly bottomUp: boolean;
  readonly bits: number;
  /** Where the pixels and the palette start, and bytes of a palette's colour (blue first). */
  readonly start: number;
  readonly paletteStart: number;
  readonly paletteEntry: number;
  readonly paletteLength: number;
  /** Masks of red, green and blue for 16 and 32 bits. */
  readonly masks: readonly [number, number, number];
}

function readHeader(bytes: Uint8Array, path: string): Header {
  if (bytes.length < 26) throw error('image/truncated', { path });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(14, true);
  if (bytes.length < 14 + length) throw error('image/truncated', { path });
  const old = length === 12; // OS/2's first header: 16-bit sizes, no compression field
  const height = old ? view.getInt16(20, true) : view.getInt32(22, true);
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old || length < 40 ? 0 : view.getUint32(30, true);
  if (width < 1 || height === 0 || ![1, 4, 8, 16, 24, 32].includes(bits)) {
    throw error('image/damaged', { path, detail: `its header says ${width}×${height} at ${bits} bits` });
  }
  const masked = (compression === 3 || compression === 6) && (bits === 16 || bits === 32);
  if (compression !== 0 && !masked) {
    throw error('image/unsupported-format', { path, format: 'compressed BMP' });
  }
  const maskBytes = masked && length === 40 ? (compression === 6 ? 16 : 12) : 0;
  if (masked && bytes.length < 66) throw error('image/truncated', { path });
  const masks: [number, number, number] = masked
    ? [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)]
    : bits === 16
      ? [0x7c00, 0x3e0, 0x1f]
      : [0xff0000, 0xff00, 0xff];
  const start = view.getUint32(10, true);
  const paletteStart = 14 + length + maskBytes;
  const paletteEntry = old ? 3 : 4;
  const stated = length >= 40 ? view.getUint32(46, true) : 0;
  const paletteLength = bits > 8 ? 0 : Math.min(stated === 0 ? 2 ** bits : stated, 2 ** bits);
  return {
    ...{ width, height: Math.abs(height), bottomUp: height > 0, bits, start },
    ...{ paletteStart, paletteEntry, paletteLength, masks },
  };
}

export function probeBmp(source: ImageSource): ImageProbe {
  const header = readHeader(heldFile(source), source.name);
  return {
    format: 'bmp',
    width: header.width,
    height: header.height,
    orientation: 1,
    bits: Math.min(header.bits, 8),
    space: 'srgb',
    alpha: false,
    pages: 1,
    streamed: false,
    bytes: source.size,
  };
}

/** The pixels. Errors: image/truncated, image/damaged, image/unsupported-format (run-length and embedded kinds). */
export function decodeBmp(source: ImageSource): RgbImage {
  const bytes = heldFile(source);
  const header = readHeader(bytes, source.name);
  const { width, height } = header;
  const rowBytes = Math.ceil((width * header.bits) / 32) * 4; // rows are padded to four bytes
  // Some writers leave out the padding of the last row.
  const needed = header.start + rowBytes * (height - 1) + Math.ceil((width * header.bits) / 8);
  if (bytes.length < needed) throw error('image/truncated', { path: source.name });
  const image = rgbImage(width, height);
  const pixel = pixelReader(bytes, header);
  for (let y = 0, to = 0; y < height; y++) {
    const row = header.start + rowBytes * (header.bottomUp ? height - 1 - y : y);
    for (let x = 0; x < width; x++, to += 3) pixel(row, x, image.data, to);
  }
  return image;
}

type PixelReader = (row: number, x: number, data: Uint8Array, to: number) => void;

function pixelReader(bytes: Uint8Array, header: Header): PixelReader {
  const { bits, paletteStart, paletteEntry, paletteLength } = header;
  if (bits === 24) {
    return (row, x, data, to) => {
      const at = row + x * 3;
      data[to] = bytes[at + 2] ?? 0;
      data[to + 1] = bytes[at + 1] ?? 0;
      data[to + 2] = bytes[at] ?? 0;
    };
  }
  if (bits <= 8) {
    const perByte = 8 / bits;
    return (row, x, data, to) => {
      const byte = bytes[row + Math.floor(x / perByte)] ?? 0;
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1);
      const at = paletteStart + index * paletteEntry;
      for (let c = 0; c < 3; c++) data[to + c] = index < paletteLength ? (bytes[at + 2 - c] ?? 0) : 0;
    };
  }
  const channels = header.masks.map(channelReader);
  return (row, x, data, to) => {
    let value = 0;
    for (let i = bits / 8 - 1; i >= 0; i--) value = value * 256 + (bytes[row + (x * bits) / 8 + i] ?? 0);
    channels.forEach((channel, c) => {
      data[to + c] = channel(value);
    });
  };
}

/** Takes the masked bits out of a pixel and spreads them over 0..255. */
function channelReader(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const max = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / max);
}
