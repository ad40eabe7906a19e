import { error } from '../base/errors.ts';
import { type ByteReader, byteReader } from './bytes.ts';

/**
 * MATLAB's files of level 5 (The MathWorks, “MAT-File Format”), as far as lists of names need: cells, structures, text and real
 * numbers. Nothing else is read; nesting, elements and unpacked bytes are bounded.
 */
export type MatValue =
  | { readonly kind: 'numbers'; readonly shape: readonly number[]; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly text: string }
  /** Column by column. */
  | { readonly kind: 'cell'; readonly shape: readonly number[]; readonly items: readonly MatValue[] }
  /** Each element has a value for every field; column by column. */
  | {
      readonly kind: 'struct';
      readonly shape: readonly number[];
      readonly fields: readonly string[];
      readonly elements: readonly (readonly MatValue[])[];
    };

export interface MatOptions {
  readonly file: string;
  /** Undoes zlib; throws where the bytes are no zlib or unpack to more than `limit`. */
  readonly inflate: (bytes: Uint8Array, limit: number) => Uint8Array;
  readonly limits?: Partial<MatLimits>;
}

export interface MatLimits {
  readonly depth: number;
  /** Values in all. */
  readonly values: number;
  /** Bytes of one variable, unpacked. */
  readonly bytes: number;
}

const usualLimits: MatLimits = { depth: 16, values: 1_000_000, bytes: 64 * 2 ** 20 };

/** MATLAB's numbers of element types: how many bytes, and how to read one. */
const numberTypes: Readonly<Record<number, readonly [bytes: number, read: (from: ByteReader) => number]>> = {
  1: [1, (from) => (from.u8() << 24) >> 24],
  2: [1, (from) => from.u8()],
  3: [2, (from) => (from.u16() << 16) >> 16],
  4: [2, (from) => from.u16()],
  5: [4, (from) => from.i32()],
  6: [4, (from) => from.u32()],
  7: [4, (from) => from.f32()],
  9: [8, (from) => from.f64()],
  13: [8, (from) => from.u64()],
  16: [1, (from) => from.u8()], // UTF-8: names are ASCII
  17: [2, (from) => from.u16()],
};

const types = { matrix: 14, compressed: 15 } as const;
const classes = { cell: 1, struct: 2, char: 4, firstNumber: 6, lastNumber: 15 } as const;

/** The variables of a file by name. Errors: benchmark/bad-bytes, benchmark/unsupported, benchmark/too-large. */
export function readMat(bytes: Uint8Array, options: MatOptions): ReadonlyMap<string, MatValue> {
  const { file } = options;
  const limits = { ...usualLimits, ...options.limits };
  if (bytes[0] === 0x89 && bytes[1] === 0x48)
    throw error('benchmark/unsupported', { file, offset: 0, what: 'HDF5 (MATLAB 7.3)' });
  const mark = String.fromCharCode(bytes[126] ?? 0, bytes[127] ?? 0);
  const reader = byteReader(bytes, file, 0, mark === 'IM');
  if (mark !== 'IM' && mark !== 'MI')
    throw reader.damaged('it does not begin as a MAT file of level 5', Math.min(126, bytes.length));
  reader.seek(124);
  const version = reader.u16();
  if (version === 0x0200) throw reader.unsupported('HDF5 (MATLAB 7.3)', 124);
  if (version !== 0x0100) throw reader.damaged(`its version is ${version}`, 124);
  reader.seek(128);
  const found = new Map<string, MatValue>();
  const budget = { values: limits.values, file, limits };
  while (reader.left > 0) {
    const start = reader.at;
    const { type, data, offset } = readElement(reader);
    let body = reader.inner(data, offset);
    if (type === types.compressed) {
      let unpacked: Uint8Array;
      try {
        unpacked = options.inflate(data, limits.bytes);
      } catch (thrown) {
        const detail = thrown instanceof Error ? thrown.message : String(thrown);
        throw reader.damaged(`what is packed here does not unpack: ${detail}`, start);
      }
      // offsets inside of what was packed count from where it begins
      const inner = readElement(reader.inner(unpacked, start));
      if (inner.type !== types.matrix) continue;
      body = reader.inner(inner.data, start);
    } else if (type !== types.matrix) continue;
    const { name, value } = readMatrix(body, budget, 1);
    if (value !== null) found.set(name, value);
  }
  return found;
}

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
  /** Where the data begin in the file. */
  readonly offset: number;
}

/** Type, length, data, and what fills eight bytes; short data stand in the same eight bytes as their type. */
function readElement(reader: ByteReader): Element {
  const start = reader.at;
  const word = reader.u32();
  const short = word >>> 16;
  if (short !== 0) {
    if (short > 4) throw reader.damaged(`a short element has ${short} bytes`, start);
    const { offset } = reader;
    return { type: word & 0xffff, data: reader.take(4).subarray(0, short), offset };
  }
  const length = reader.u32();
  const { offset } = reader;
  const data = reader.take(length);
  // packed data are followed by the next element at once
  if (word !== types.compressed) reader.seek(reader.at + Math.min((8 - (length % 8)) % 8, reader.left));
  return { type: word, data, offset };
}

interface Budget {
  values: number;
  readonly file: string;
  readonly limits: MatLimits;
}

interface Named {
  readonly name: string;
  /** Null for what is no list: sparse arrays, objects, functions. */
  readonly value: MatValue | null;
}

function readMatrix(reader: ByteReader, budget: Budget, depth: number): Named {
  if (depth > budget.limits.depth)
    throw tooMuch(reader, budget, 'arrays inside one another', budget.limits.depth);
  if (reader.left === 0) return { name: '', value: empty }; // how an empty cell is written
  const flags = numbersOf(readElement(reader), reader, budget);
  const kind = (flags[0] ?? 0) & 0xff;
  const isComplex = ((flags[0] ?? 0) & 0x800) !== 0;
  const shape = numbersOf(readElement(reader), reader, budget);
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.length < 2 || shape.some((size) => size < 0) || !(count <= budget.limits.values))
    throw reader.damaged(`an array has the shape ${shape.slice(0, 8).join('×')}`);
  const name = textOf(numbersOf(readElement(reader), reader, budget));
  if (kind === classes.cell) return { name, value: readCell(reader, shape, count, budget, depth) };
  if (kind === classes.struct) return { name, value: readStruct(reader, shape, count, budget, depth) };
  if (kind === classes.char) {
    const letters = numbersOf(readElement(reader), reader, budget);
    return { name, value: { kind: 'text', text: textOf(letters.slice(0, count)) } };
  }
  if (kind < classes.firstNumber || kind > classes.lastNumber || isComplex) return { name, value: null };
  const start = reader.at;
  const values = Float64Array.from(numbersOf(readElement(reader), reader, budget));
  if (values.length !== count)
    throw reader.damaged(`an array of ${count} numbers has ${values.length}`, start);
  return { name, value: { kind: 'numbers', shape, values } };
}

const empty: MatValue = { kind: 'numbers', shape: [0, 0], values: new Float64Array(0) };

function readCell(
  reader: ByteReader,
  shape: readonly number[],
  count: number,
  budget: Budget,
  depth: number,
): MatValue {
  const items = Array.from({ length: count }, () => readInner(reader, budget, depth));
  return { kind: 'cell', shape, items };
}

function readStruct(
  reader: ByteReader,
  shape: readonly number[],
  count: number,
  budget: Budget,
  depth: number,
): MatValue {
  const start = reader.at;
  const width = numbersOf(readElement(reader), reader, budget)[0] ?? 0;
  const letters = numbersOf(readElement(reader), reader, budget);
  if (width < 1 || letters.length % width !== 0)
    throw reader.damaged('names of fields have no length', start);
  const fields = Array.from({ length: letters.length / width }, (_, i) =>
    textOf(letters.slice(i * width, (i + 1) * width)).replace(/\0.*$/s, ''),
  );
  const elements = Array.from({ length: count }, () => fields.map(() => readInner(reader, budget, depth)));
  return { kind: 'struct', shape, fields, elements };
}

function readInner(reader: ByteReader, budget: Budget, depth: number): MatValue {
  if (--budget.values < 0) throw tooMuch(reader, budget, 'values', budget.limits.values);
  const start = reader.at;
  const { type, data, offset } = readElement(reader);
  if (type !== types.matrix) throw reader.damaged(`there is an element of type ${type} and no array`, start);
  const inner = reader.inner(data, offset);
  return readMatrix(inner, budget, depth + 1).value ?? empty;
}

function numbersOf({ type, data, offset }: Element, reader: ByteReader, budget: Budget): number[] {
  const [bytes, read] = numberTypes[type] ?? [0, null];
  if (read === null) throw reader.damaged(`there are no numbers of type ${type}`);
  const count = Math.floor(data.length / bytes);
  budget.values -= count / 8;
  if (budget.values < 0) throw tooMuch(reader, budget, 'values', budget.limits.values);
  const from = reader.inner(data, offset);
  return Array.from({ length: count }, () => read(from));
}

const textOf = (letters: readonly number[]): string =>
  letters.map((letter) => String.fromCharCode(letter)).join('');

function tooMuch(reader: ByteReader, { file }: Budget, what: string, limit: number): Error {
  return error('benchmark/too-large', {
    file,
    what: `more ${what} than there may be`,
    offset: reader.offset,
    limit,
  });
}
