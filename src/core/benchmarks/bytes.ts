import { error, type LineamentError } from '../base/errors.ts';

/** A place in the bytes of a file that is being read; whatever goes beyond the end is an error with the offset. */
export interface ByteReader {
  readonly at: number;
  /** The same, counted from the start of the file. */
  readonly offset: number;
  readonly left: number;
  /** A reader of a part of the file, which begins there, in the same order of bytes. */
  inner(part: Uint8Array, offset: number): ByteReader;
  seek(offset: number): void;
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  f32(): number;
  f64(): number;
  /** Below 2^53, or the file is damaged. */
  u64(): number;
  /** A view. */
  take(count: number): Uint8Array;
  damaged(detail: string, offset?: number): LineamentError;
  unsupported(what: string, offset?: number): LineamentError;
}

/** Reads little-endian numbers unless told otherwise. `base` is where the bytes begin in their file: offsets in errors count from its start. */
export function byteReader(bytes: Uint8Array, file: string, base = 0, littleEndian = true): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const damaged = (detail: string, offset = at): LineamentError =>
    error('benchmark/bad-bytes', { file, offset: base + offset, detail });
  const claim = (count: number): number => {
    if (count > bytes.length - at)
      throw damaged(`${count} bytes are needed and ${bytes.length - at} are left`);
    at += count;
    return at - count;
  };
  return {
    get at() {
      return at;
    },
    get offset() {
      return base + at;
    },
    inner: (part, offset) => byteReader(part, file, offset, littleEndian),
    get left() {
      return bytes.length - at;
    },
    seek: (offset) => {
      if (offset < 0 || offset > bytes.length)
        throw damaged(`it leads to byte ${base + offset}, which is not there`);
      at = offset;
    },
    u8: () => view.getUint8(claim(1)),
    u16: () => view.getUint16(claim(2), littleEndian),
    u32: () => view.getUint32(claim(4), littleEndian),
    i32: () => view.getInt32(claim(4), littleEndian),
    f32: () => view.getFloat32(claim(4), littleEndian),
    f64: () => view.getFloat64(claim(8), littleEndian),
    u64: () => {
      const from = claim(8);
      const value = Number(view.getBigUint64(from, littleEndian));
      if (!Number.isSafeInteger(value)) throw damaged('a length is beyond all that there is', from);
      return value;
    },
    take: (count) => {
      const from = claim(count);
      return bytes.subarray(from, from + count);
    },
    damaged,
    unsupported: (what, offset = at) => error('benchmark/unsupported', { file, offset: base + offset, what }),
  };
}
