import { createHash } from 'node:crypto';
import { markedPairs } from '../store/benchmark-marks.ts';
import type { Reader } from '../store/database.ts';

/** A hash of which pairs of a benchmark are marked as mislabelled; empty where none is. */
export function marksHash(pairs: readonly number[]): string {
  return pairs.length === 0 ? '' : createHash('sha256').update(pairs.join(' ')).digest('hex');
}

/** The same of a benchmark as it is now. */
export function marksNow(reader: Reader, benchmark: number): string {
  return marksHash(markedPairs(reader, benchmark));
}
