import { basename, join } from 'node:path';
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import {
  bytesOfPicture,
  type PictureArray,
  pictureArray,
  pictureOfArray,
} from '../../core/benchmarks/array-pictures.ts';
import { chunkOfBlp, readBcolzMeta } from '../../core/benchmarks/bcolz.ts';
import { binList } from '../../core/benchmarks/bin.ts';
import { type Inflaters, unpackBlosc } from '../../core/benchmarks/blosc.ts';
import { npyHeaderBytes, readNpyHeader } from '../../core/benchmarks/npy-header.ts';
import { encodeCrop } from '../images/encode.ts';
import { openFile, readAt, readStart, readText, readWhole } from './read-file.ts';
import type { BenchmarkPictures, LoadedPairs } from './reading.ts';

/** Unpacked bytes of a chunk: 1,700 pictures of 112×112. */
const mostChunkBytes = 2 ** 28;

const inflaters: Inflaters = {
  zlib: (bytes, length) => inflateSync(bytes, { maxOutputLength: length }),
  zstd: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: length }),
};

/**
 * An array that bcolz wrote, as face.evoLVe's benchmarks are (`lfw/meta`, `lfw/data`, beside it `lfw_list.npy`): a chunk is held at a
 * time. Errors: file/cannot-read, benchmark/bad-bytes, benchmark/unsupported, benchmark/too-large.
 */
export async function openBcolz(path: string, list: string): Promise<LoadedPairs> {
  const name = basename(path);
  const meta = readBcolzMeta(
    await readText(join(path, 'meta', 'sizes'), `${name}/meta/sizes`),
    await readText(join(path, 'meta', 'storage'), `${name}/meta/storage`),
    name,
  );
  const array = picturesOf(meta.shape, meta.type, name);
  const size = bytesOfPicture(array);
  if (meta.chunkRows * size > mostChunkBytes)
    throw error('benchmark/too-large', {
      file: name,
      what: 'chunks of too many rows',
      offset: 0,
      limit: mostChunkBytes,
    });
  const flags = flagsFor(array, await readFlags(list), name);
  const fileOf = (chunk: number): string => `${name}/data/__${chunk}.blp`;
  const unpacked = async (chunk: number): Promise<Uint8Array> => {
    const file = fileOf(chunk);
    const bytes = await readWhole(join(path, 'data', `__${chunk}.blp`), file, mostChunkBytes);
    const packed = chunkOfBlp(bytes, file);
    return unpackBlosc(packed.chunk, file, inflaters, mostChunkBytes, packed.offset);
  };
  // pictures that are asked for at once share their chunk
  let held: { readonly chunk: number; readonly bytes: Promise<Uint8Array> } | null = null;
  const rowBytes = async (row: number): Promise<Uint8Array> => {
    const chunk = Math.floor(row / meta.chunkRows);
    if (held?.chunk !== chunk) held = { chunk, bytes: unpacked(chunk) };
    const bytes = await held.bytes;
    const from = (row % meta.chunkRows) * size;
    if (from + size > bytes.length)
      throw error('benchmark/bad-bytes', { file: fileOf(chunk), offset: 0, detail: `it has no row ${row}` });
    return bytes.subarray(from, from + size);
  };
  return loaded(array, flags, path, rowBytes, async () => {
    held = null;
  });
}

/** The same array as one `.npy`, float32 or bytes; a picture is read at a time. Errors: as of bcolz. */
export async function openNpyPictures(path: string, list: string): Promise<LoadedPairs> {
  const name = basename(path);
  const header = readNpyHeader(await readStart(path, npyHeaderBytes));
  if ('problem' in header)
    throw error('benchmark/bad-bytes', { file: name, offset: header.offset, detail: header.problem });
  const array = picturesOf(header.shape, header.type, name);
  const flags = flagsFor(array, await readFlags(list), name);
  const size = bytesOfPicture(array);
  const handle = await openFile(path);
  return loaded(
    array,
    flags,
    path,
    (row) => readAt(handle, header.start + row * size, size, name),
    () => handle.close(),
  );
}

function picturesOf(shape: readonly number[], type: string, name: string): PictureArray {
  const array = pictureArray(shape, type);
  if (array !== null) return array;
  const what = `${type} of ${shape.join('×')}, and no float32 or uint8 of pictures,`;
  throw error('benchmark/unsupported', { file: name, offset: 0, what });
}

/** The flags, where there is one to two pictures. */
function flagsFor(array: PictureArray, same: readonly boolean[], name: string): readonly boolean[] {
  if (array.count === same.length * 2) return same;
  const detail = `it has ${array.count} pictures and its list ${same.length} flags; there should be two pictures to a flag`;
  throw error('benchmark/bad-bytes', { file: name, offset: 0, detail });
}

function loaded(
  array: PictureArray,
  same: readonly boolean[],
  path: string,
  rowBytes: (row: number) => Promise<Uint8Array>,
  close: () => Promise<void>,
): LoadedPairs {
  const rowOf = (key: string): number => (/^bin:\d{1,9}$/.test(key) ? Number(key.slice(4)) : -1);
  const pictures: BenchmarkPictures = {
    has: (key) => rowOf(key) >= 0 && rowOf(key) < array.count,
    place: () => null,
    open: async (key) => {
      const row = rowOf(key);
      if (row < 0 || row >= array.count) throw error('benchmark/no-picture', { path, key });
      return encodeCrop(pictureOfArray(await rowBytes(row), array));
    },
    close,
  };
  return { list: binList(same), pictures };
}

/** `NAME_list.npy`: a flag to a pair, of bool or any number of one or eight bytes. Error: benchmark/bad-bytes. */
export async function readFlags(path: string): Promise<boolean[]> {
  const name = basename(path);
  const bytes = await readWhole(path, name, 2 ** 27);
  const header = readNpyHeader(bytes.subarray(0, npyHeaderBytes));
  const bad = (detail: string, offset = 0): Error =>
    error('benchmark/bad-bytes', { file: name, offset, detail });
  if ('problem' in header) throw bad(header.problem, header.offset);
  const size = { '|b1': 1, '|u1': 1, '|i1': 1, '<i4': 4, '<i8': 8, '<f4': 4, '<f8': 8 }[header.type];
  const [count = 0, ...more] = header.shape;
  if (size === undefined || more.some((length) => length !== 1) || count < 1)
    throw bad(`it is ${header.type} of ${header.shape.join('×')}, and no list of true and false`);
  if (bytes.length - header.start < count * size) throw bad('it is cut off', header.start);
  assert(header.start > 0, 'data behind the header');
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(header.start + i * size, header.start + (i + 1) * size).some((byte) => byte !== 0),
  );
}
