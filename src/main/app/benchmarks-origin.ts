import { stat } from 'node:fs/promises';
import { error } from '../../core/base/errors.ts';
import { imageOrigin } from '../store/benchmark-images.ts';
import type { Context } from './context.ts';

/** The bytes of the original of a benchmark's picture, or its path. Errors: `benchmark/no-original`, `photo/gone`. */
export async function benchmarkOrigin(
  { store, library }: Pick<Context, 'store' | 'library'>,
  benchmark: number,
  position: number,
): Promise<string | Uint8Array> {
  const origin = imageOrigin(store, benchmark, position);
  const { path = null, hash = null, key = `number ${position}` } = origin ?? {};
  if (path !== null) {
    await stat(path).catch((thrown: unknown) => {
      throw error('photo/gone', { path }, thrown);
    });
    return path;
  }
  const bytes = hash === null ? null : await library.read('originals', hash);
  if (bytes === null) throw error('benchmark/no-original', { key });
  return bytes;
}
