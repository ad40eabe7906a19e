import { createHash } from 'node:crypto';
import type { BenchmarkKind } from '../../core/contract/benchmarks.ts';
import { arrayNames, bytesOf, getArray } from './benchmark-lists.ts';
import type { Reader } from './database.ts';

interface Line {
  readonly position: number;
  readonly crop: string | null;
  readonly person: string | null;
  readonly grp: string | null;
  readonly weight: number | null;
}

const stretch = 4096;

/**
 * SHA-256, hexadecimal, of what a benchmark asks: a line with its kind; a line for each picture in the list's order, of
 * its crop's hash (or `-`), person, group and weight as JSON; then, by name, each array of the list with its length in
 * bytes and its bytes, little-endian. Names, paths and marks don't count: the same benchmark has one hash everywhere.
 */
export function benchmarkHash(reader: Reader, id: number, kind: BenchmarkKind): string {
  const hash = createHash('sha256').update(`lineament benchmark 1 ${kind}\n`);
  for (let after = -1; ; ) {
    const lines = reader.all<Line>(
      `SELECT position, crop, person, grp, weight FROM benchmark_image
       WHERE benchmark_id = ? AND position > ? ORDER BY position LIMIT ?`,
      [id, after, stretch],
    );
    const last = lines.at(-1);
    if (last === undefined) break;
    after = last.position;
    hash.update(
      lines
        .map(({ crop, person, grp, weight }) => `${crop ?? '-'} ${JSON.stringify([person, grp, weight])}\n`)
        .join(''),
    );
  }
  for (const name of arrayNames) {
    const array = getArray(reader, id, name);
    if (array === null) continue;
    hash.update(`${name} ${array.byteLength}\n`).update(bytesOf(array));
  }
  return hash.digest('hex');
}
