import { error } from '../base/errors.ts';
import { byteReader } from './bytes.ts';

/** An array of bcolz on disk (DISK_FORMAT_v1): a folder with meta/sizes and meta/storage, and data/__0.blp … of equal chunks. */
export interface BcolzArray {
  readonly shape: readonly number[];
  /** NumPy's name: `float32`. */
  readonly type: string;
  /** Rows of a chunk; the last has what is left. */
  readonly chunkRows: number;
}

/** Errors: benchmark/bad-bytes. */
export function readBcolzMeta(sizes: string, storage: string, path: string): BcolzArray {
  const record = (text: string, name: string): Readonly<Record<string, unknown>> => {
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
    } catch {
      // said below
    }
    throw fail(`${path}/meta/${name}`, 'it is no JSON of an object');
  };
  const { shape } = record(sizes, 'sizes');
  const { dtype, chunklen } = record(storage, 'storage');
  const lengths: readonly unknown[] = Array.isArray(shape) ? shape : [];
  const known = lengths.filter((size) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0);
  if (known.length === 0 || known.length !== lengths.length)
    throw fail(`${path}/meta/sizes`, 'it states no shape');
  if (typeof dtype !== 'string') throw fail(`${path}/meta/storage`, 'it states no dtype');
  if (typeof chunklen !== 'number' || !Number.isSafeInteger(chunklen) || chunklen < 1)
    throw fail(`${path}/meta/storage`, 'it states no chunklen');
  return {
    shape: known.map(Number),
    type: /^\|?[a-z]\w*$/.test(dtype) ? dtype : plainType(dtype),
    chunkRows: chunklen,
  };
}

const fail = (file: string, detail: string): Error =>
  error('benchmark/bad-bytes', { file, offset: 0, detail });

/** `('<f4', (3, 112, 112))` is of `<f4`. */
const plainType = (dtype: string): string => /[<|]?[fu]\d|float\d+|uint\d+/.exec(dtype)?.[0] ?? dtype;

/** The chunk of Blosc in a `.blp` file: behind `blpk`, a version, and the number of chunks, which is one. Error: benchmark/bad-bytes. */
export function chunkOfBlp(
  bytes: Uint8Array,
  file: string,
): { readonly chunk: Uint8Array; readonly offset: number } {
  const reader = byteReader(bytes, file);
  const magic = String.fromCharCode(...reader.take(4));
  if (magic !== 'blpk') throw reader.damaged('it does not begin as a chunk of bcolz', 0);
  const version = reader.u8();
  if (version !== 1) throw reader.unsupported(`bcolz’s format ${version}`, 4);
  reader.take(3);
  const count = reader.u64();
  if (count !== 1) throw reader.unsupported(`${count} chunks in one file`, 8);
  return { chunk: reader.take(reader.left), offset: 16 };
}
