import { open, readFile, rename, rm } from 'node:fs/promises';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { npyMagic, readNpyHeader } from '../../core/benchmarks/npy-header.ts';
import { fileError } from '../images/source.ts';
import { writeError } from './write-error.ts';

/** NumPy's array files, format 1.0 (numpy.lib.format): magic, version, length of a header in Python's notation, data. */

export interface FloatArray {
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: Float32Array;
}

/** The bytes before the data of a little-endian float32 array; they fill a multiple of 64. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${list}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const padded = `${text.padEnd(length - 11)}\n`;
  const header = new Uint8Array(length);
  header.set([...npyMagic, 1, 0, padded.length & 255, padded.length >> 8]);
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
  const fail = (detail: string): Error => error('vectors/bad-npy', { file: path, detail });
  const header = readNpyHeader(bytes);
  if ('problem' in header) throw fail(header.problem);
  const { type, shape, start } = header;
  if (type !== '<f4') throw fail(`its numbers are ${type}, not float32 (<f4)`);
  const length = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - start < length * 4) throw fail('it is cut off');
  const data = new Float32Array(length);
  new Uint8Array(data.buffer).set(bytes.subarray(start, start + length * 4));
  return { shape, data };
}
