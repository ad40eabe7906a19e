/**
 * Writes small flatbuffers for the reader's tests: children after their parents, no sharing of vtables. A field is
 * four bytes (an offset or a number) or one.
 */
export type FlatField =
  | { readonly kind: 'int32'; readonly value: number }
  | { readonly kind: 'int8'; readonly value: number }
  | { readonly kind: 'table'; readonly value: FlatTable }
  | { readonly kind: 'tables'; readonly value: readonly FlatTable[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

/** Fields by slot. */
export type FlatTable = Readonly<Record<number, FlatField>>;

export const int32 = (value: number): FlatField => ({ kind: 'int32', value });
export const int8 = (value: number): FlatField => ({ kind: 'int8', value });
export const ints = (value: readonly number[]): FlatField => ({ kind: 'ints', value });
export const table = (value: FlatTable): FlatField => ({ kind: 'table', value });
export const tables = (...value: FlatTable[]): FlatField => ({ kind: 'tables', value });
export const text = (value: string): FlatField => ({ kind: 'bytes', value: new TextEncoder().encode(value) });
export const blob = (value: Uint8Array): FlatField => ({ kind: 'bytes', value });

export function flatbufferBytes(root: FlatTable, identifier: string): Uint8Array {
  const bytes: number[] = [0, 0, 0, 0, ...new TextEncoder().encode(identifier)];
  const put = (at: number, value: number, size: number): void => {
    for (let i = 0; i < size; i++) bytes[at + i] = (value >> (8 * i)) & 255;
  };
  const grow = (size: number): number => {
    const at = bytes.length;
    for (let i = 0; i < size; i++) bytes.push(0);
    return at;
  };
  const vector = (length: number, each: number): number => {
    const at = grow(4 + length * each);
    put(at, length, 4);
    return at;
  };
  const child = (field: Exclude<FlatField, { kind: 'int32' | 'int8' }>): number => {
    if (field.kind === 'table') return writeTable(field.value);
    if (field.kind === 'bytes') {
      const at = vector(field.value.length, 1);
      for (const [i, byte] of field.value.entries()) put(at + 4 + i, byte, 1);
      return at;
    }
    const at = vector(field.value.length, 4);
    field.value.forEach((item, i) => {
      const slot = at + 4 + 4 * i;
      put(slot, typeof item === 'number' ? item : writeTable(item) - slot, 4);
    });
    return at;
  };
  const writeTable = (fields: FlatTable): number => {
    const slots = Math.max(-1, ...Object.keys(fields).map(Number)) + 1;
    const vtable = grow(4 + 2 * slots);
    const at = grow(4 + 4 * slots);
    put(vtable, 4 + 2 * slots, 2);
    put(vtable + 2, 4 + 4 * slots, 2);
    put(at, at - vtable, 4);
    for (const [slot, field] of Object.entries(fields)) {
      const inside = 4 + 4 * Number(slot);
      put(vtable + 4 + 2 * Number(slot), inside, 2);
      if (field.kind === 'int32') put(at + inside, field.value, 4);
      else if (field.kind === 'int8') put(at + inside, field.value, 1);
      else put(at + inside, child(field) - (at + inside), 4);
    }
    return at;
  };
  put(0, writeTable(root), 4);
  return Uint8Array.from(bytes);
}
