import { error } from '../base/errors.ts';
import { byteReader } from './bytes.ts';
import { unpackBloscLz, unpackLz4 } from './lz.ts';

/** Compressions that this zone has not: each gives exactly `length` bytes, or throws. */
export interface Inflaters {
  readonly zlib: (bytes: Uint8Array, length: number) => Uint8Array;
  readonly zstd: (bytes: Uint8Array, length: number) => Uint8Array;
}

const formats = ['blosclz', 'lz4', 'snappy', 'zlib', 'zstd'] as const;
const flags = { shuffle: 1, copied: 2, bitShuffle: 4, whole: 16 } as const;

/** Blosc splits a block by the bytes of its numbers where there are no more than these, and parts are no shorter. */
const mostSplits = 16;
const leastSplitBytes = 128;

/**
 * Unpacks a chunk of Blosc 1 (Alted 2010; README_CHUNK_FORMAT): a header of 16 bytes, where each block begins, and blocks that are
 * compressed on their own, their numbers' bytes sorted by significance. `offset` is where the chunk begins in its file.
 * Errors: benchmark/bad-bytes, benchmark/unsupported, benchmark/too-large.
 */
export function unpackBlosc(
  chunk: Uint8Array,
  file: string,
  inflaters: Inflaters,
  limit: number,
  offset = 0,
): Uint8Array {
  const reader = byteReader(chunk, file, offset);
  const version = reader.u8();
  if (version < 1 || version > 2) throw reader.unsupported(`Blosc’s version ${version}`, 0);
  reader.u8();
  const flag = reader.u8();
  const typeSize = reader.u8();
  const [total, blockSize, packed] = [reader.u32(), reader.u32(), reader.u32()];
  if (total > limit)
    throw error('benchmark/too-large', { file, what: `a chunk of ${total} bytes`, offset, limit });
  if (packed > chunk.length || packed < 16)
    throw reader.damaged(`a chunk of ${packed} bytes has ${chunk.length}`, 12);
  if (typeSize === 0) throw reader.damaged('its numbers have no size', 3);
  if (total === 0) return new Uint8Array(0);
  if ((flag & flags.copied) !== 0) {
    if (packed !== total + 16) throw reader.damaged('it is stored as it was, in another length', 4);
    return chunk.slice(16, packed);
  }
  if (blockSize === 0 || blockSize > total) throw reader.damaged(`a block of ${blockSize} bytes`, 8);
  const format = formats[flag >> 5];
  if (format === undefined || format === 'snappy')
    throw reader.unsupported(format ?? `compression ${flag >> 5}`, 2);
  // neither of ours packs more than 255 bytes into one: no memory is claimed for a length that is a lie
  if ((format === 'lz4' || format === 'blosclz') && total > packed * 256)
    throw reader.damaged(`${packed} bytes do not unpack to ${total}`, 4);
  if ((flag & flags.bitShuffle) !== 0 && typeSize > 1) throw reader.unsupported('shuffled bits', 2);

  const unpackPart = (part: Uint8Array, length: number, at: number): Uint8Array => {
    if (part.length === length) return part; // what does not shrink is stored
    let found: Uint8Array | null;
    try {
      found =
        format === 'lz4'
          ? unpackLz4(part, length)
          : format === 'blosclz'
            ? unpackBloscLz(part, length)
            : inflaters[format](part, length);
    } catch {
      found = null;
    }
    if (found?.length !== length) throw reader.damaged(`what ${format} packed here does not unpack`, at);
    return found;
  };

  const blocks = Math.ceil(total / blockSize);
  if (16 + 4 * blocks > packed) throw reader.damaged(`there is no room for ${blocks} blocks`, 8);
  const out = new Uint8Array(total);
  for (let block = 0; block < blocks; block++) {
    reader.seek(16 + 4 * block);
    reader.seek(reader.u32());
    const size = Math.min(blockSize, total - block * blockSize);
    const isSplit =
      (flag & flags.whole) === 0 &&
      typeSize <= mostSplits &&
      blockSize / typeSize >= leastSplitBytes &&
      size === blockSize;
    const parts = isSplit ? typeSize : 1;
    const length = Math.floor(size / parts);
    if (length * parts !== size)
      throw reader.damaged(`a block of ${size} bytes is of numbers of ${typeSize}`);
    const unpacked = new Uint8Array(size);
    for (let part = 0; part < parts; part++) {
      const at = reader.at;
      unpacked.set(unpackPart(reader.take(reader.u32()), length, at), part * length);
    }
    const sorted = (flag & flags.shuffle) !== 0 && typeSize > 1;
    out.set(sorted ? unshuffle(unpacked, typeSize) : unpacked, block * blockSize);
  }
  return out;
}

/** First bytes of all numbers, second bytes … back to numbers; what is left over at the end stays where it is. */
function unshuffle(bytes: Uint8Array, typeSize: number): Uint8Array {
  const count = Math.floor(bytes.length / typeSize);
  const out = bytes.slice();
  for (let part = 0; part < typeSize; part++)
    for (let i = 0, from = part * count; i < count; i++) out[i * typeSize + part] = bytes[from + i] ?? 0;
  return out;
}
