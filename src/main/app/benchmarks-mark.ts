import { error } from '../../core/base/errors.ts';
import { markPairs } from '../store/benchmark-marks.ts';
import { record } from '../store/journal.ts';
import { requireBenchmark } from './benchmarks.ts';
import type { Context } from './context.ts';

/**
 * Marks pairs of a benchmark as mislabelled, or takes that back; the journal can undo it.
 * Errors: `benchmark/unknown`, `benchmark/no-pair`.
 */
export function markBenchmarkPairs(
  { store, events, now }: Pick<Context, 'store' | 'events' | 'now'>,
  wish: { readonly benchmark: number; readonly pairs: readonly number[]; readonly marked: boolean },
): void {
  const { name, pairs: count } = requireBenchmark(store, wish.benchmark);
  const beyond = wish.pairs.find((pair) => pair >= count);
  if (beyond !== undefined) throw error('benchmark/no-pair', { name, pair: beyond, pairs: count });
  const what = wish.pairs.length === 1 ? '1 pair' : `${wish.pairs.length} pairs`;
  const title = wish.marked
    ? `Marked ${what} of “${name}” as mislabelled`
    : `Took the mark off ${what} of “${name}”`;
  store.write((writer) =>
    record(writer, title, now(), (recorder) =>
      markPairs(recorder, wish.benchmark, wish.pairs, wish.marked, now()),
    ),
  );
  events.changed('benchmarks', 'evaluations', 'journal');
}
