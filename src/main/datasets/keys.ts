import { hash } from 'node:crypto';
import { error, type LineamentError } from '../../core/base/errors.ts';
import type { SourceItem, SourceProblem } from './types.ts';

/** A path inside a source as its key: `/` between parts, Unicode NFC, so that it is the same on every system. */
export function toKey(path: string, separator = '/'): string {
  return (separator === '/' ? path : path.replaceAll(separator, '/')).normalize('NFC');
}

export function problem(key: string, failure: LineamentError): SourceProblem {
  return { kind: 'problem', key, error: failure.info };
}

/** A set of strings that keeps 64 bits of each (SHA-1's first): 16 to 32 bytes a string, however long. */
export interface KeySet {
  /** Adds the key; false where it was there already. Two of ten million keys collide once in 370,000 sets. */
  add(key: string): boolean;
  readonly size: number;
}

export function keySet(): KeySet {
  let capacity = 1024; // slots, a power of two
  let slots = new Uint32Array(capacity * 2); // [capacity, 2]; a slot of zeros is free
  let size = 0;
  /** The slot of these 64 bits: theirs, or the free one where they belong. */
  const find = (high: number, low: number): number => {
    for (let slot = low & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
      const h = slots[slot * 2];
      const l = slots[slot * 2 + 1];
      if ((h === 0 && l === 0) || (h === high && l === low)) return slot;
    }
  };
  const put = (high: number, low: number): boolean => {
    const slot = find(high, low);
    if (slots[slot * 2] === high && slots[slot * 2 + 1] === low) return false;
    slots[slot * 2] = high;
    slots[slot * 2 + 1] = low;
    return true;
  };
  const grow = (): void => {
    const old = slots;
    capacity *= 2;
    slots = new Uint32Array(capacity * 2);
    for (let i = 0; i < old.length; i += 2) {
      const [high = 0, low = 0] = old.subarray(i, i + 2);
      if (high !== 0 || low !== 0) put(high, low);
    }
  };
  return {
    add: (key) => {
      const digest = hash('sha1', key, 'buffer');
      const high = digest.readUInt32LE(0) || 1; // never the free slot's zeros
      const isNew = put(high, digest.readUInt32LE(4));
      if (isNew && ++size * 2 > capacity) grow();
      return isNew;
    },
    get size() {
      return size;
    },
  };
}

/** Makes keys unique: a second photograph of a key becomes a problem, and a problem's second key gets its number. */
export async function* withUniqueKeys(items: AsyncIterable<SourceItem>): AsyncGenerator<SourceItem> {
  const keys = keySet();
  let ordinal = 0;
  for await (const item of items) {
    ordinal++;
    if (keys.add(item.key)) {
      yield item;
      continue;
    }
    let key = `${item.key} (item ${ordinal})`;
    while (!keys.add(key)) key += ' again';
    yield item.kind === 'problem'
      ? { ...item, key }
      : problem(key, error('import/duplicate', { path: item.key }));
  }
}
