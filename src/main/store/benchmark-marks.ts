import type { Reader } from './database.ts';
import type { Recorder } from './journal.ts';

/** Pairs of a benchmark that the user says are mislabelled, ascending. */
export function markedPairs(reader: Reader, benchmark: number): number[] {
  return reader
    .all<{ pair: number }>('SELECT pair FROM benchmark_mark WHERE benchmark_id = ? ORDER BY pair', [
      benchmark,
    ])
    .map(({ pair }) => pair);
}

/** Marks pairs, or takes that back, so that it can be undone. Gives how many were changed. */
export function markPairs(
  recorder: Recorder,
  benchmark: number,
  pairs: readonly number[],
  marked: boolean,
  at: number,
): number {
  const rows = recorder.all<{ id: number; pair: number }>(
    'SELECT id, pair FROM benchmark_mark WHERE benchmark_id = ?',
    [benchmark],
  );
  const known = new Map(rows.map(({ id, pair }) => [pair, id]));
  const asked = [...new Set(pairs)];
  if (marked) {
    const fresh = asked.filter((pair) => !known.has(pair));
    for (const pair of fresh) recorder.insert('benchmark_mark', { benchmark_id: benchmark, pair, at });
    return fresh.length;
  }
  const gone = asked.flatMap((pair) => known.get(pair) ?? []);
  recorder.remove('benchmark_mark', gone);
  return gone.length;
}
