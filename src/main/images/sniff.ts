/** What a file is by its first bytes. Names and extensions are never trusted. */

/** Formats that are decoded. */
export const imageFormats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'bmp', 'pnm'] as const;
export type ImageFormat = (typeof imageFormats)[number];

export type Sniffed =
  | { readonly kind: 'image'; readonly format: ImageFormat }
  /** A picture or document of a kind that is recognised and not decoded; `format` is its name for people. */
  | { readonly kind: 'unsupported'; readonly format: string }
  | { readonly kind: 'unknown' };

/** As many bytes from the start of a file as `sniff` looks at. */
export const sniffLength = 512;

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, i) => bytes[at + i] === byte);

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

/** AVIF and HEIC share a container (ISO 14496-12) and differ by the brands in its first box. */
function sniffBrands(bytes: Uint8Array): Sniffed {
  const length = Math.min(((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), bytes.length);
  const brands = new Set<string>();
  for (let at = 8; at + 4 <= length; at += 4) brands.add(ascii(bytes, at, at + 4));
  if (brands.has('avif') || brands.has('avis')) return { kind: 'image', format: 'avif' };
  // Decoding HEVC takes a patent licence, so that the packaged libvips has no decoder for it.
  for (const brand of ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']) {
    if (brands.has(brand)) return { kind: 'unsupported', format: 'HEIC' };
  }
  return { kind: 'unsupported', format: 'video' };
}

/** BMP: 'BM', and a length of the information header that some version of the format has. */
function isBmp(bytes: Uint8Array): boolean {
  const header = (bytes[14] ?? 0) | ((bytes[15] ?? 0) << 8) | ((bytes[16] ?? 0) << 16);
  return startsWith(bytes, [0x42, 0x4d]) && [12, 16, 40, 52, 56, 64, 108, 124].includes(header);
}

/** PBM, PGM and PPM, plain or binary: 'P1' to 'P6' and white space. */
function isPnm(bytes: Uint8Array): boolean {
  const digit = bytes[1] ?? 0;
  return bytes[0] === 0x50 && digit >= 0x31 && digit <= 0x36 && [9, 10, 13, 32, 35].includes(bytes[2] ?? 0);
}

/** The kind of a file whose first bytes these are (`sniffLength` of them, or all). */
export function sniff(bytes: Uint8Array): Sniffed {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return { kind: 'image', format: 'jpeg' };
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return { kind: 'image', format: 'png' };
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP')
    return { kind: 'image', format: 'webp' };
  if (['GIF87a', 'GIF89a'].includes(ascii(bytes, 0, 6))) return { kind: 'image', format: 'gif' };
  for (const magic of [
    [0x49, 0x49, 42, 0],
    [0x4d, 0x4d, 0, 42],
    [0x49, 0x49, 43, 0], // BigTIFF
    [0x4d, 0x4d, 0, 43],
  ]) {
    if (startsWith(bytes, magic)) return { kind: 'image', format: 'tiff' };
  }
  if (ascii(bytes, 4, 8) === 'ftyp') return sniffBrands(bytes);
  if (isBmp(bytes)) return { kind: 'image', format: 'bmp' };
  if (isPnm(bytes)) return { kind: 'image', format: 'pnm' };
  return sniffUnsupported(bytes);
}

function sniffUnsupported(bytes: Uint8Array): Sniffed {
  const text = ascii(bytes, 0, sniffLength).toLowerCase();
  // An SVG may name other files and addresses, and holds no photograph.
  if (text.includes('<svg')) return { kind: 'unsupported', format: 'SVG' };
  if (text.startsWith('%pdf')) return { kind: 'unsupported', format: 'PDF' };
  if (text.startsWith('8bps')) return { kind: 'unsupported', format: 'Photoshop' };
  if (startsWith(bytes, [0xff, 0x0a]) || ascii(bytes, 4, 8) === 'JXL ') {
    return { kind: 'unsupported', format: 'JPEG XL' };
  }
  if (ascii(bytes, 4, 8) === 'jP  ' || startsWith(bytes, [0xff, 0x4f, 0xff, 0x51])) {
    return { kind: 'unsupported', format: 'JPEG 2000' };
  }
  return { kind: 'unknown' };
}
