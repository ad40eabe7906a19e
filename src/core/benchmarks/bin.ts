import { error, type LineamentError } from '../base/errors.ts';
import { utf8Text } from '../onnx/utf8.ts';
import { op } from '../pickle/opcodes.ts';
import { type PickleSource, readPickle } from '../pickle/read.ts';
import { ofKind, type PickleCall, type PickleValue } from '../pickle/values.ts';
import { imageTable } from './image-table.ts';
import type { BenchmarkPair, VerificationList } from './types.ts';

/**
 * InsightFace's `.bin`: a pickle of (encoded pictures, flags): pictures 2i and 2i + 1 are pair i, its flag whether they show one
 * person. Nothing is executed: what calling the few functions would give that old and new picklers name is worked out here.
 */
export const binGlobals: ReadonlySet<string> = new Set([
  '_codecs.encode', // bytes as Python 3 writes them for Python 2
  '__builtin__.bytes',
  'builtins.bytes',
  '__builtin__.bytearray',
  'builtins.bytearray',
  'numpy.ndarray',
  'numpy.dtype',
  'numpy.core.multiarray._reconstruct',
  'numpy._core.multiarray._reconstruct',
  'numpy.core.multiarray.scalar',
  'numpy._core.multiarray.scalar',
  'numpy.core.numeric._frombuffer',
  'numpy._core.numeric._frombuffer',
]);

/** Where the bytes of an encoded picture are. */
export type BinPicture =
  | { readonly at: 'file'; readonly offset: number; readonly length: number; readonly isText: boolean }
  | { readonly at: 'memory'; readonly bytes: Uint8Array };

export interface BinFile {
  readonly pictures: readonly BinPicture[];
  readonly same: readonly boolean[];
}

/** Bytes at least this long are left in the file; a picture is longer. */
const spanBytes = 256;
/** No encoded picture of a face is larger. */
const mostPictureBytes = 64 * 2 ** 20;

/** Errors, all with the offset: those of pickles, benchmark/bad-bytes, benchmark/too-large. */
export function readBin(input: Uint8Array | PickleSource, file: string): BinFile {
  const { value } = readPickle(input, { file, globals: binGlobals, spanBytes });
  const fail = (detail: string): LineamentError => error('benchmark/bad-bytes', { file, offset: 0, detail });
  const parts = itemsOf(value);
  const [pictures, flags] = [itemsOf(parts?.[0]), parts?.at(-1)];
  if (parts === null || parts.length < 2 || pictures === null || flags === undefined)
    throw fail('it holds no list of pictures and list of flags, as InsightFace’s files of pairs do');
  const held = input instanceof Uint8Array;
  const same = flagsOf(flags, (offset, length) =>
    held ? input.subarray(offset, offset + length) : input.read(offset, length).slice(),
  );
  if (same === null) throw fail('its second list is not of true and false');
  if (pictures.length !== same.length * 2)
    throw fail(
      `it has ${pictures.length} pictures and ${same.length} flags; there should be two pictures to a flag`,
    );
  if (same.length === 0) throw fail('it has no pairs');
  const found = pictures.map((item, i) => {
    const picture = pictureOf(item);
    if (picture === null) throw fail(`its picture ${i} is no bytes`);
    if (picture.at === 'file' && picture.length > mostPictureBytes)
      throw error('benchmark/too-large', {
        file,
        what: `a picture of ${picture.length} bytes`,
        offset: picture.offset,
        limit: mostPictureBytes,
      });
    return picture;
  });
  return { pictures: found, same };
}

/** The list of a `.bin`: pictures are called `bin:0` …; ten folds where there are as many pairs. */
export function binList(same: readonly boolean[]): VerificationList {
  const table = imageTable();
  const folds = same.length >= 10 && same.length % 10 === 0 ? 10 : null;
  const pairs = same.map((isSame, i): BenchmarkPair => {
    const [a, b] = [table.add(`bin:${2 * i}`, null), table.add(`bin:${2 * i + 1}`, null)];
    return { a, b, same: isSame, fold: folds === null ? null : Math.floor((i * folds) / same.length) };
  });
  return { kind: 'verification', images: table.images, pairs, folds, training: [], groups: [] };
}

/** The items of a list or tuple. */
function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | null {
  return ofKind(value, 'list')?.items ?? ofKind(value, 'tuple')?.items ?? objectsOf(value);
}

/** A NumPy array of objects holds them as a list. */
function objectsOf(value: PickleValue | undefined): readonly PickleValue[] | null {
  const call = ofKind(value, 'call');
  if (call === null || !call.name.endsWith('._reconstruct')) return null;
  return ofKind(ofKind(call.state, 'tuple')?.items.at(-1), 'list')?.items ?? null;
}

function pictureOf(value: PickleValue): BinPicture | null {
  if (value instanceof Uint8Array) return value.length > 0 ? { at: 'memory', bytes: value } : null;
  const span = ofKind(value, 'span');
  if (span !== null) return { at: 'file', offset: span.offset, length: span.length, isText: span.isText };
  const call = ofKind(value, 'call');
  if (call === null) return null;
  if (call.name === '_codecs.encode' || call.arguments.length === 2) {
    const encoded = encodedOf(call); // also bytearray(text, 'latin-1')
    if (encoded !== null || call.name === '_codecs.encode') return encoded;
  }
  const data = call.name.startsWith('numpy') ? dataOf(call) : (call.arguments[0] ?? null);
  return data === null || ofKind(data, 'call')?.name.startsWith('numpy') ? null : pictureOf(data);
}

/** `_codecs.encode(text, 'latin1')`: a letter to a byte. */
function encodedOf(call: PickleCall): BinPicture | null {
  const [text, encoding] = call.arguments;
  if (encoding !== 'latin1' && encoding !== 'latin-1') return null;
  const span = ofKind(text, 'span');
  if (span !== null) return { at: 'file', offset: span.offset, length: span.length, isText: true };
  const bytes = typeof text === 'string' && text !== '' ? latin1Bytes(text) : null;
  return bytes === null ? null : { at: 'memory', bytes };
}

/** The bytes of letters up to U+00FF; null where there are others. */
function latin1Bytes(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return null;
    bytes[i] = code;
  }
  return bytes;
}

/** The bytes of a picture as they were read at its place; null where a text has letters that are no bytes. */
export function pictureBytes(read: Uint8Array, isText: boolean): Uint8Array | null {
  return isText ? latin1Bytes(utf8Text(read)) : read;
}

/** The content of a NumPy array, scalar or buffer of single bytes, as it was pickled. */
function dataOf(call: PickleCall): PickleValue {
  if (call.name.endsWith('._reconstruct')) {
    const state = ofKind(call.state, 'tuple')?.items ?? [];
    return isByteType(state[2]) ? (state[4] ?? null) : null; // version, shape, type, Fortran order, data
  }
  if (call.name.endsWith('.scalar'))
    return isByteType(call.arguments[0]) ? (call.arguments[1] ?? null) : null;
  if (call.name.endsWith('._frombuffer'))
    return isByteType(call.arguments[1]) ? (call.arguments[0] ?? null) : null;
  return null;
}

/** `numpy.dtype('u1' …)`, or of bool: one byte each. */
function isByteType(value: PickleValue | undefined): boolean {
  const name =
    ofKind(value, 'call')?.name === 'numpy.dtype' ? textOf(ofKind(value, 'call')?.arguments[0]) : null;
  return name !== null && /^(u1|i1|b1|S\d+)$/.test(name);
}

const textOf = (value: PickleValue | undefined): string | null =>
  value instanceof Uint8Array ? utf8Text(value) : typeof value === 'string' ? value : null;

/** Reads what was passed over. */
type ReadSpan = (offset: number, length: number) => Uint8Array;

function flagsOf(value: PickleValue, read: ReadSpan): boolean[] | null {
  const items = itemsOf(value);
  if (items !== null) {
    const flags = items.map((item) => flagOf(item, read));
    return flags.includes(null) ? null : flags.map((flag) => flag === true);
  }
  const call = ofKind(value, 'call');
  const bytes = call === null ? null : smallBytes(dataOf(call), read);
  return bytes === null ? null : Array.from(bytes, (byte) => byte !== 0);
}

function flagOf(value: PickleValue, read: ReadSpan): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  const call = ofKind(value, 'call');
  const bytes = call?.name.endsWith('.scalar') ? smallBytes(dataOf(call), read) : null;
  return bytes?.length === 1 ? bytes[0] !== 0 : null;
}

/** Flags that a NumPy array has, at most a million. */
function smallBytes(value: PickleValue, read: ReadSpan): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  const call = ofKind(value, 'call');
  const found = pictureOf(call === null ? value : call.name === '_codecs.encode' ? call : null);
  if (found === null || found.at === 'memory') return found?.bytes ?? null;
  return found.length > 2_000_000 ? null : pictureBytes(read(found.offset, found.length), found.isText);
}

/**
 * How a `.bin` is written, in pieces: bytes of protocol 3, which every Python 3 reads as bytes whatever encoding it is told (as
 * InsightFace does with `pickle.load(f)` and `pickle.load(f, encoding='bytes')`). Python 2 does not read it.
 */
export const binStart: Uint8Array = Uint8Array.of(op.proto, 3, op.emptyList, op.mark);

/** What comes before the bytes of each picture. */
export function binPictureHead(length: number): Uint8Array {
  const head = new Uint8Array(5);
  head[0] = op.bytes4;
  new DataView(head.buffer).setUint32(1, length, true);
  return head;
}

/** What comes behind the last picture. */
export function binEnd(same: readonly boolean[]): Uint8Array {
  const flags = same.map((flag) => (flag ? op.true : op.false));
  return Uint8Array.from([op.appends, op.emptyList, op.mark, ...flags, op.appends, op.tuple2, op.stop]);
}
