import { open, readFile, rename, rm } from 'node:fs/promises';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { fileError } from '../images/source.ts';
import { writeError } from './write-error.ts';

/** NumPy's array files, format 1.0 (numpy.lib.format): magic, version, length of a header in Python's notation, data. */

export interface FloatArray {
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: Float32Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** The bytes before the data of a little-endian float32 array; they fill a multiple of 64. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${list}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const padded = `${text.padEnd(length - 11)}\n`;
  const header = new Uint8Array(length);
  header.set([...magic, 1, 0, padded.length & 255, padded.length >> 8]);
  header.set(new TextEncoder().encode(padded), 10);
  return header;
}

/**
 * Writes [rows, width] as a .npy file, batch by batch, under a temporary name until it is whole.
 * Errors: pack/write-failed.
 */
export async function writeNpy(
  path: string,
  rows: number,
  width: number,
  batches: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): Promise<void> {
  const partial = `${path}.part`;
  try {
    const file = await open(partial, 'w');
    try {
      await file.writeFile(npyHeader([rows, width]));
      let written = 0;
      for await (const batch of batches) {
        await file.writeFile(new Uint8Array(batch.buffer, batch.byteOffset, batch.byteLength));
        written += batch.length;
      }
      assert(written === rows * width, `${written} numbers for ${rows}×${width}`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw writeError(path, thrown);
  }
}

/** Reads a float32 array in C order. Errors: vectors/bad-npy, image/missing, image/unreadable. */
export async function readNpy(path: string): Promise<FloatArray> {
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw fileError(path, thrown);
  });
  return parseNpy(bytes, path);
}

export function parseNpy(bytes: Uint8Array, path: string): FloatArray {
  const fail = (detail: string): never => {
    throw error('vectors/bad-npy', { file: path, detail });
  };
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte))
    return fail('it does not start as one');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) return fail(`its format is ${version}`);
  // Format 1.0 has two bytes of length, 2.0 and 3.0 four.
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) return fail('it is cut off');
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  if (type !== '<f4') return fail(`its numbers are ${type ?? 'of several kinds'}, not float32 (<f4)`);
  if (!/'fortran_order':\s*False/.test(header)) return fail('it is in Fortran order');
  const list = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (list === undefined) return fail('it does not state its shape');
  const shape = list
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const length = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => !Number.isInteger(size) || size < 0)) return fail(`its shape is (${list})`);
  if (bytes.length - end < length * 4) return fail('it is cut off');
  const data = new Float32Array(length);
  new Uint8Array(data.buffer).set(bytes.subarray(end, end + length * 4));
  return { shape, data };
}
