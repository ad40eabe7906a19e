/** The header of NumPy's array files (numpy.lib.format): magic, version, length of a text in Python's notation. */
export interface NpyHeader {
  /** As NumPy writes it: `<f4`, `|u1`, `|b1`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Where the data begin. */
  readonly start: number;
}

/** Why a header is none, and at which byte. */
export interface NpyProblem {
  readonly problem: string;
  readonly offset: number;
}

/** What every such file begins with: \x93NUMPY. */
export const npyMagic: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** As much of a file as holds any header that arrays of one type have. */
export const npyHeaderBytes = 4096;

/** Reads the header from a file's first bytes. Only C order. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader | NpyProblem {
  if (bytes.length < 12 || npyMagic.some((byte, i) => bytes[i] !== byte))
    return { problem: 'it does not start as an array of NumPy', offset: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) return { problem: `its format is ${version}`, offset: 6 };
  // Format 1.0 has two bytes of length, 2.0 and 3.0 four.
  const text = version === 1 ? 10 : 12;
  const start = text + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) return { problem: 'it is cut off, or its header is too long', offset: 8 };
  const header = String.fromCharCode(...bytes.subarray(text, Math.min(start, text + npyHeaderBytes)));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  if (type === undefined) return { problem: 'its elements are of several kinds', offset: text };
  if (!/'fortran_order':\s*False/.test(header)) return { problem: 'it is in Fortran order', offset: text };
  const list = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (list === undefined) return { problem: 'it does not state its shape', offset: text };
  const shape = list
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const length = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => !Number.isInteger(size) || size < 0) || !Number.isSafeInteger(length))
    return { problem: `its shape is (${list.slice(0, 60)})`, offset: text };
  return { type, shape, start };
}
