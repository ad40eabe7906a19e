import { error } from '../../../src/core/base/errors.ts';

/**
 * A bounded reader of flatbuffers, as far as TFLite needs them. Every position is checked against the file's end and
 * every vector against the bytes that are left, so that a damaged file gives `models/bad-source`, never a hang.
 */
export interface Flatbuffer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly name: string;
}

/** A table: `at` is its position in the file. Fields are known by their slot, as in the schema's order. */
export interface Table {
  readonly buffer: Flatbuffer;
  readonly at: number;
}

export function openFlatbuffer(bytes: Uint8Array, name: string): Flatbuffer {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name };
}

export function damaged(name: string, detail: string): Error {
  return error('models/bad-source', { file: name, detail });
}

function within(buffer: Flatbuffer, at: number, size: number): number {
  if (at < 0 || size < 0 || at + size > buffer.bytes.length) {
    throw damaged(buffer.name, `${size} bytes at ${at} lie beyond its end (${buffer.bytes.length})`);
  }
  return at;
}

const u16 = (b: Flatbuffer, at: number): number => b.view.getUint16(within(b, at, 2), true);
const i32 = (b: Flatbuffer, at: number): number => b.view.getInt32(within(b, at, 4), true);
const u32 = (b: Flatbuffer, at: number): number => b.view.getUint32(within(b, at, 4), true);
/** Where an offset stored at `at` points. */
const follow = (b: Flatbuffer, at: number): number => at + u32(b, at);

export function rootTable(buffer: Flatbuffer, identifier: string): Table {
  const found = String.fromCharCode(...buffer.bytes.subarray(4, 8));
  if (found !== identifier)
    throw damaged(buffer.name, `it starts with "${found}" instead of "${identifier}"`);
  return { buffer, at: follow(buffer, 0) };
}

/** Position of a field's value, or null where the table leaves it at its default. */
function fieldAt({ buffer, at }: Table, slot: number): number | null {
  const vtable = at - i32(buffer, at);
  const entry = 4 + 2 * slot;
  if (entry + 2 > u16(buffer, vtable)) return null;
  const offset = u16(buffer, vtable + entry);
  return offset === 0 ? null : at + offset;
}

export function int32Field(table: Table, slot: number, otherwise = 0): number {
  const at = fieldAt(table, slot);
  return at === null ? otherwise : i32(table.buffer, at);
}

export function uint32Field(table: Table, slot: number, otherwise = 0): number {
  const at = fieldAt(table, slot);
  return at === null ? otherwise : u32(table.buffer, at);
}

export function int8Field(table: Table, slot: number, otherwise = 0): number {
  const at = fieldAt(table, slot);
  return at === null ? otherwise : table.buffer.view.getInt8(within(table.buffer, at, 1));
}

export function boolField(table: Table, slot: number): boolean {
  return int8Field(table, slot) !== 0;
}

export function floatField(table: Table, slot: number, otherwise = 0): number {
  const at = fieldAt(table, slot);
  return at === null ? otherwise : table.buffer.view.getFloat32(within(table.buffer, at, 4), true);
}

export function tableField(table: Table, slot: number): Table | null {
  const at = fieldAt(table, slot);
  return at === null ? null : { buffer: table.buffer, at: follow(table.buffer, at) };
}

/** First element and length of a vector, checked to lie inside the file. */
function vector(table: Table, slot: number, size: number): { first: number; length: number } {
  const at = fieldAt(table, slot);
  if (at === null) return { first: 0, length: 0 };
  const start = follow(table.buffer, at);
  const length = u32(table.buffer, start);
  within(table.buffer, start + 4, length * size);
  return { first: start + 4, length };
}

export function bytesField(table: Table, slot: number): Uint8Array {
  const { first, length } = vector(table, slot, 1);
  return table.buffer.bytes.subarray(first, first + length);
}

export function stringField(table: Table, slot: number): string {
  return new TextDecoder().decode(bytesField(table, slot));
}

export function int32Vector(table: Table, slot: number): number[] {
  const { first, length } = vector(table, slot, 4);
  return Array.from({ length }, (_, i) => i32(table.buffer, first + 4 * i));
}

export function tableVector(table: Table, slot: number): Table[] {
  const { first, length } = vector(table, slot, 4);
  return Array.from({ length }, (_, i) => ({
    buffer: table.buffer,
    at: follow(table.buffer, first + 4 * i),
  }));
}
