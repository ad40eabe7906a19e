import { readFileSync } from 'node:fs';
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Inflaters } from '../../src/core/benchmarks/blosc.ts';

/** What make_benchmark_files.py wrote: files as other programs write them, in base64. */
interface BenchmarkFiles {
  readonly bins: Readonly<Record<string, string>>;
  readonly blosc: readonly {
    readonly name: string;
    readonly kind: 'ramp' | 'noise' | 'zeros';
    readonly size: number;
    readonly chunk: string;
  }[];
  readonly mat: Readonly<Record<'plain' | 'compressed' | 'tiny', string>>;
  readonly npy: Readonly<Record<'flags' | 'pictures' | 'bytes' | 'fortran', string>>;
}

export const benchmarkFiles = JSON.parse(
  readFileSync(new URL('../fixtures/benchmark-files.json', import.meta.url), 'utf8'),
) as BenchmarkFiles;

export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

/** The pattern that is picture `i` of the fixture's `.bin`. */
export function binPicture(i: number): Uint8Array {
  return Uint8Array.from({ length: 260 + 3 * i }, (_, j) => (i * 31 + j * 7) % 256);
}

/** What a chunk of the fixture unpacks to. */
export function bloscData(kind: 'ramp' | 'noise' | 'zeros', size: number): Uint8Array {
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  if (kind === 'ramp')
    for (let i = 0; i < Math.floor(size / 4); i++) view.setFloat32(4 * i, (i % 97) / 64, true);
  if (kind === 'noise') {
    let state = 1n;
    for (let i = 0; i < size; i++) {
      state = (state * 1103515245n + 12345n) % 2n ** 31n;
      out[i] = Number((state >> 16n) & 255n);
    }
  }
  return out;
}

export const inflaters: Inflaters = {
  zlib: (bytes, length) => inflateSync(bytes, { maxOutputLength: length }),
  zstd: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: length }),
};

export const inflate = (bytes: Uint8Array, limit: number): Uint8Array =>
  inflateSync(bytes, { maxOutputLength: limit });
