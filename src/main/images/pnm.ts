import { error } from '../../core/base/errors.ts';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';
import { heldFile } from './held.ts';
import type { ImageProbe } from './probe.ts';
import type { ImageSource } from './source.ts';

/** PBM, PGM and PPM (netpbm's formats), in which older face collections come; libvips as packaged lacks them. */

interface Header {
  /** 1 to 6: bitmap, grey, colour as text; the same as bytes. */
  readonly kind: number;
  readonly width: number;
  readonly height: number;
  /** The value of white: 1 to 65,535. */
  readonly max: number;
  /** Where the pixels start. */
  readonly start: number;
}

const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** The whole number at `at`, after white space and comments, and where it ends. */
function readNumber(bytes: Uint8Array, from: number): { value: number; end: number } | null {
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x23) while (at < bytes.length && bytes[at] !== 10) at++;
    else if (!isSpace(byte)) break;
    else at++;
  }
  let value = 0;
  const start = at;
  for (; at < bytes.length && at - start < 9; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at === start ? null : { value, end: at };
}

function readHeader(bytes: Uint8Array, path: string): Header {
  const kind = (bytes[1] ?? 0) - 48;
  const values: number[] = [];
  let at = 2;
  for (let i = 0; i < (kind === 1 || kind === 4 ? 2 : 3); i++) {
    const number = readNumber(bytes, at);
    if (number === null) throw error('image/damaged', { path, detail: 'its header is not complete' });
    values.push(number.value);
    at = number.end;
  }
  const [width = 0, height = 0, max = 1] = values;
  if (width < 1 || height < 1 || max < 1 || max > 65535) {
    throw error('image/damaged', { path, detail: `its header says ${width}×${height}, white ${max}` });
  }
  return { kind, width, height, max, start: at + 1 };
}

export function probePnm(source: ImageSource): ImageProbe {
  const header = readHeader(heldFile(source), source.name);
  const colour = header.kind === 3 || header.kind === 6;
  return {
    format: 'pnm',
    width: header.width,
    height: header.height,
    orientation: 1,
    bits: header.kind % 3 === 1 ? 1 : header.max > 255 ? 16 : 8,
    space: colour ? 'srgb' : 'b-w',
    alpha: false,
    pages: 1,
    streamed: false,
    bytes: source.size,
  };
}

/** The pixels. Errors: image/truncated, image/damaged. */
export function decodePnm(source: ImageSource): RgbImage {
  const bytes = heldFile(source);
  const header = readHeader(bytes, source.name);
  const { kind, width, height } = header;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  // A sample of text takes a digit at least, so that a tiny file cannot ask for much memory.
  const sampleBits = kind === 4 ? 1 : kind > 4 && header.max > 255 ? 16 : 8;
  if (bytes.length - header.start < Math.ceil((width * channels * sampleBits) / 8) * height) {
    throw error('image/truncated', { path: source.name });
  }
  const image = rgbImage(width, height);
  const next = kind < 4 ? textSamples(bytes, header, source.name) : byteSamples(bytes, header);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const first = next(x, y);
      image.data[to++] = first;
      image.data[to++] = channels === 3 ? next(x, y) : first;
      image.data[to++] = channels === 3 ? next(x, y) : first;
    }
  }
  return image;
}

type Samples = (x: number, y: number) => number;

/** Samples in bytes, big-endian pairs where white is above 255, or bits (1 is black, rows padded to bytes). */
function byteSamples(bytes: Uint8Array, header: Header): Samples {
  let at = header.start;
  if (header.kind === 4) {
    const rowBytes = Math.ceil(header.width / 8);
    return (x, y) => {
      const byte = bytes[header.start + y * rowBytes + (x >> 3)] ?? 0;
      return (byte >> (7 - (x & 7))) & 1 ? 0 : 255;
    };
  }
  if (header.max > 255) {
    return () => {
      const value = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      return Math.round((Math.min(value, header.max) * 255) / header.max);
    };
  }
  return () => Math.round((Math.min(bytes[at++] ?? 0, header.max) * 255) / header.max);
}

/** Samples as decimal numbers; in bitmaps single digits that need no space between them. */
function textSamples(bytes: Uint8Array, header: Header, path: string): Samples {
  let at = header.start - 1;
  return () => {
    if (header.kind === 1) {
      while (at < bytes.length && bytes[at] !== 48 && bytes[at] !== 49) at++;
      if (at >= bytes.length) throw error('image/truncated', { path });
      return bytes[at++] === 49 ? 0 : 255;
    }
    const number = readNumber(bytes, at);
    if (number === null) throw error('image/truncated', { path });
    at = number.end;
    return Math.round((Math.min(number.value, header.max) * 255) / header.max);
  };
}
