/** Where arrays that one picture needs come from. All of them hold zeros. */
export interface Arena {
  floats(length: number): Float32Array;
  ints(length: number): Int32Array;
  bytes(length: number): Uint8Array;
  /** Takes all arrays back: who still holds one will see it change. */
  reset(): void;
}

/** Arrays of their own, that nobody takes back. */
export const heap: Arena = {
  floats: (length) => new Float32Array(length),
  ints: (length) => new Int32Array(length),
  bytes: (length) => new Uint8Array(length),
  reset: () => {},
};

const align = 64;

/**
 * Arrays out of one block of memory that is used again for the next picture: fresh arrays of a megabyte for each
 * picture cost a fifth of its time.
 */
export function arena(): Arena {
  let block = new ArrayBuffer(1 << 20);
  let used = 0;
  let wanted = 0;
  const take = (bytes: number): number => {
    wanted += Math.ceil(bytes / align) * align;
    if (used + bytes > block.byteLength) {
      // whoever has arrays in the old block keeps it
      block = new ArrayBuffer(Math.max(2 * block.byteLength, bytes));
      used = 0;
    }
    const start = used;
    used += Math.ceil(bytes / align) * align;
    return start;
  };
  return {
    floats: (length) => {
      const start = take(4 * length);
      return new Float32Array(block, start, length).fill(0);
    },
    ints: (length) => {
      const start = take(4 * length);
      return new Int32Array(block, start, length).fill(0);
    },
    bytes: (length) => {
      const start = take(length);
      return new Uint8Array(block, start, length).fill(0);
    },
    reset: () => {
      // a block that everything fits into next time
      if (wanted > block.byteLength) block = new ArrayBuffer(wanted);
      used = 0;
      wanted = 0;
    },
  };
}
