import { assert } from '../base/assert.ts';
import { byteReader } from './bytes.ts';

/**
 * MXNet's RecordIO (dmlc-core, recordio.h): a record is a magic number, a word of a part's kind (3 bits) and length (29 bits), its
 * bytes, and zeros up to four. Where the magic number itself stands in the data (at a multiple of four) it is left out and the
 * record goes on as another part.
 */
export const recordMagic = 0xced7230a;
/** A part's length has 29 bits. */
const mostPartBytes = 2 ** 29 - 1;

const kinds = { whole: 0, first: 1, middle: 2, last: 3 } as const;

/** The head of a part of a record. */
export interface RecordPart {
  readonly kind: 'whole' | 'first' | 'middle' | 'last';
  readonly length: number;
  /** What length and padding take, behind the head's eight bytes. */
  readonly padded: number;
}

/** Bytes of a part's head. */
export const partHeadBytes = 8;

/** Reads the head of a part: eight bytes. `offset` is where they are in the file. Error: benchmark/bad-bytes. */
export function readPartHead(bytes: Uint8Array, file: string, offset: number): RecordPart {
  const reader = byteReader(bytes, file, offset);
  const magic = reader.u32();
  if (magic !== recordMagic) throw reader.damaged('no record begins here', 0);
  const word = reader.u32();
  const code = word >>> 29;
  const kind = (['whole', 'first', 'middle', 'last'] as const)[code];
  if (kind === undefined) throw reader.damaged(`there is no part of a record of kind ${code}`, 4);
  const length = word & mostPartBytes;
  return { kind, length, padded: Math.ceil(length / 4) * 4 };
}

/** The parts of a record as one, with the magic number between them that was left out. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 4 * (parts.length - 1)));
  const view = new DataView(whole.buffer);
  let at = 0;
  parts.forEach((part, i) => {
    if (i > 0) {
      view.setUint32(at, recordMagic, true);
      at += 4;
    }
    whole.set(part, at);
    at += part.length;
  });
  return whole;
}

/** A record as it is written: one part, or several where the magic number stands in it. */
export function writeRecord(data: Uint8Array): Uint8Array {
  assert(data.length <= mostPartBytes, 'a record of less than half a gigabyte');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const cuts: number[] = [];
  for (let at = 0; at + 4 <= data.length; at += 4)
    if (view.getUint32(at, true) === recordMagic) cuts.push(at);
  const parts = [...cuts, data.length].map((end, i) =>
    data.subarray(i === 0 ? 0 : (cuts[i - 1] ?? 0) + 4, end),
  );
  const out = new Uint8Array(
    parts.reduce((sum, part) => sum + partHeadBytes + Math.ceil(part.length / 4) * 4, 0),
  );
  const target = new DataView(out.buffer);
  let at = 0;
  parts.forEach((part, i) => {
    const inner = i === 0 ? kinds.first : i === parts.length - 1 ? kinds.last : kinds.middle;
    target.setUint32(at, recordMagic, true);
    target.setUint32(
      at + 4,
      ((parts.length === 1 ? kinds.whole : inner) * 2 ** 29 + part.length) >>> 0,
      true,
    );
    out.set(part, at + partHeadBytes);
    at += partHeadBytes + Math.ceil(part.length / 4) * 4;
  });
  return out;
}

/** A record of a picture: MXNet's header (flag, label, id, id2), more labels where the flag is their number, and the encoded bytes. */
export interface ImageRecord {
  readonly labels: readonly number[];
  readonly id: number;
  /** Encoded; empty in InsightFace's records of identities. */
  readonly picture: Uint8Array;
}

/** Error: benchmark/bad-bytes, with the record's offset. */
export function readImageRecord(record: Uint8Array, file: string, offset: number): ImageRecord {
  const reader = byteReader(record, file, offset);
  const flag = reader.u32();
  const label = reader.f32();
  const id = reader.u32();
  reader.take(12); // the id's upper half, and a second id that nobody uses
  if (flag * 4 > reader.left) throw reader.damaged(`the record promises ${flag} labels`, 0);
  const labels = flag === 0 ? [label] : Array.from({ length: flag }, () => reader.f32());
  return { labels, id, picture: reader.take(reader.left) };
}

/** One label stands in the header, several behind it. */
export function writeImageRecord({ labels, id, picture }: ImageRecord): Uint8Array {
  const more = labels.length === 1 ? [] : labels;
  const bytes = new Uint8Array(24 + more.length * 4 + picture.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, more.length, true);
  view.setFloat32(4, labels.length === 1 ? (labels[0] ?? 0) : 0, true);
  view.setUint32(8, id, true);
  more.forEach((label, i) => {
    view.setFloat32(24 + 4 * i, label, true);
  });
  bytes.set(picture, 24 + more.length * 4);
  return bytes;
}
