import { error } from '../base/errors.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

/**
 * Protobuf's wire format (protobuf.dev, "Encoding"). The reader never leaves its bounds: every length is checked
 * against the bytes that are left, every step consumes at least one byte, and damage is `onnx/malformed` with its offset.
 */
export const varintWire = 0;
export const fixed64Wire = 1;
export const bytesWire = 2;
export const fixed32Wire = 5;

/** A stretch of a file that is being read; `at` moves from `start` to `end`. */
export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
  at: number;
}

export interface Field {
  readonly number: number;
  readonly wire: number;
  /** Where its tag began. */
  readonly offset: number;
}

export function malformed(offset: number, detail: string): Error {
  return error('onnx/malformed', { offset, detail });
}

export function openCursor(bytes: Uint8Array): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, end: bytes.length, at: 0 };
}

/** Claims `size` bytes and gives the offset where they begin. */
function take(cursor: Cursor, size: number): number {
  const at = cursor.at;
  if (size > cursor.end - at) throw malformed(at, `${size} bytes are needed and ${cursor.end - at} are left`);
  cursor.at = at + size;
  return at;
}

/** An unsigned varint of at most 64 bits as a signed 64-bit integer. */
export function readVarint(cursor: Cursor): bigint {
  const start = cursor.at;
  let low = 0;
  let scale = 1;
  // Up to seven bytes fit a double exactly; almost all varints end there.
  for (let i = 0; i < 7; i++) {
    const byte = cursor.view.getUint8(take(cursor, 1));
    low += (byte & 0x7f) * scale;
    if (byte < 0x80) return BigInt(low);
    scale *= 128;
  }
  let value = BigInt(low);
  for (let shift = 49n; shift < 70n; shift += 7n) {
    const byte = cursor.view.getUint8(take(cursor, 1));
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, value);
  }
  throw malformed(start, 'a number is longer than ten bytes');
}

/** A varint as a number; beyond ±(2^53 − 1) it saturates. */
export function readNumber(cursor: Cursor): number {
  const value = readVarint(cursor);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}

export function readFloat(cursor: Cursor): number {
  return cursor.view.getFloat32(take(cursor, 4), true);
}

export function readDouble(cursor: Cursor): number {
  return cursor.view.getFloat64(take(cursor, 8), true);
}

/** A length-delimited field's stretch as a cursor of its own; this one moves past it. */
export function readStretch(cursor: Cursor): Cursor {
  const length = readNumber(cursor);
  if (length < 0) throw malformed(cursor.at, `a length of ${length}`);
  const at = take(cursor, length);
  return { bytes: cursor.bytes, view: cursor.view, at, end: at + length };
}

export function readBytes(cursor: Cursor): Uint8Array {
  const { bytes, at, end } = readStretch(cursor);
  return bytes.subarray(at, end);
}

export function readString(cursor: Cursor): string {
  return utf8Text(readBytes(cursor));
}

/** The next field's tag, or null at the end. */
export function readField(cursor: Cursor): Field | null {
  if (cursor.at >= cursor.end) return null;
  const offset = cursor.at;
  const tag = readNumber(cursor);
  const field = { number: Math.floor(tag / 8), wire: tag & 7, offset };
  if (field.number < 1 || tag > 0xffff_ffff) throw malformed(offset, `a field numbered ${field.number}`);
  return field;
}

/** Passes over a field that nobody asked for. */
export function skipField(cursor: Cursor, field: Field): void {
  if (field.wire === varintWire) readVarint(cursor);
  else if (field.wire === fixed64Wire) take(cursor, 8);
  else if (field.wire === bytesWire) readStretch(cursor);
  else if (field.wire === fixed32Wire) take(cursor, 4);
  else throw malformed(field.offset, `field ${field.number} has wire type ${field.wire}`);
}

export function expectWire(field: Field, wire: number): void {
  if (field.wire !== wire) {
    throw malformed(field.offset, `field ${field.number} has wire type ${field.wire}, ${wire} was expected`);
  }
}

/** A repeated scalar's values, packed or one by one, appended to `into`. */
export function readRepeated<T>(
  cursor: Cursor,
  field: Field,
  wire: number,
  read: (c: Cursor) => T,
  into: T[],
): void {
  if (field.wire !== bytesWire) {
    expectWire(field, wire);
    into.push(read(cursor));
    return;
  }
  const packed = readStretch(cursor);
  while (packed.at < packed.end) into.push(read(packed));
}

/** Bytes in the making: chunks are kept as they come and joined once, so that weights are copied only once. */
export interface Writer {
  readonly chunks: Uint8Array[];
  size: number;
}

export function openWriter(): Writer {
  return { chunks: [], size: 0 };
}

function append(writer: Writer, chunk: Uint8Array): void {
  writer.chunks.push(chunk);
  writer.size += chunk.length;
}

export function writeVarint(writer: Writer, value: number | bigint): void {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  append(writer, Uint8Array.from(bytes));
}

const tag = (writer: Writer, field: number, wire: number): void => writeVarint(writer, field * 8 + wire);

export function writeInt(writer: Writer, field: number, value: number | bigint): void {
  tag(writer, field, varintWire);
  writeVarint(writer, value);
}

export function writeFloat(writer: Writer, field: number, value: number): void {
  tag(writer, field, fixed32Wire);
  append(
    writer,
    littleEndian(4, (view) => view.setFloat32(0, value, true)),
  );
}

export function writeBytes(writer: Writer, field: number, bytes: Uint8Array): void {
  tag(writer, field, bytesWire);
  writeVarint(writer, bytes.length);
  append(writer, bytes);
}

/** proto3 leaves out what is empty; repeated strings are written by `writeBytes`, empty ones too. */
export function writeString(writer: Writer, field: number, text: string): void {
  if (text !== '') writeBytes(writer, field, utf8Bytes(text));
}

export function writeMessage(writer: Writer, field: number, fill: (message: Writer) => void): void {
  const message = openWriter();
  fill(message);
  tag(writer, field, bytesWire);
  writeVarint(writer, message.size);
  for (const chunk of message.chunks) append(writer, chunk);
}

export function writePackedInts(writer: Writer, field: number, values: Iterable<number | bigint>): void {
  writeMessage(writer, field, (packed) => {
    for (const value of values) writeVarint(packed, value);
  });
}

export function writePackedFloats(writer: Writer, field: number, values: readonly number[]): void {
  const packed = littleEndian(values.length * 4, (view) => {
    values.forEach((value, i) => {
      view.setFloat32(4 * i, value, true);
    });
  });
  writeBytes(writer, field, packed);
}

function littleEndian(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

export function joined(writer: Writer): Uint8Array {
  const bytes = new Uint8Array(writer.size);
  let at = 0;
  for (const chunk of writer.chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
