import { error } from '../../core/base/errors.ts';
import type { EvaluationResult } from '../../core/contract/evaluations.ts';
import { getBenchmark } from '../store/benchmarks.ts';
import type { Reader } from '../store/database.ts';
import { getResult, listResults, type StoredResult } from '../store/evaluations.ts';
import { marksNow } from './evaluation-marks.ts';

/** Says of results whether their benchmarks are still what was measured; each benchmark is looked at once. */
function outdatedBy(store: Reader): (result: StoredResult) => boolean {
  const known = new Map<number, { readonly hash: string | null; readonly marks: string }>();
  return ({ benchmark, figures }) => {
    if (benchmark.id === null) return false; // there is nothing to compare with
    const now = known.get(benchmark.id) ?? {
      hash: getBenchmark(store, benchmark.id)?.hash ?? null,
      marks: marksNow(store, benchmark.id),
    };
    known.set(benchmark.id, now);
    return now.hash !== benchmark.hash || now.marks !== figures.marks;
  };
}

function present({ figures, ...result }: StoredResult, outdated: boolean): EvaluationResult {
  const { marks: _, curves: __, ...told } = figures;
  return { ...result, ...told, outdated };
}

/** Error: `evaluation/unknown`. */
export function requireResult(store: Reader, id: number): StoredResult {
  const found = getResult(store, id);
  if (found === null) throw error('evaluation/unknown', { evaluation: id });
  return found;
}

/** Error: `evaluation/unknown`. */
export function oneResult(store: Reader, id: number): EvaluationResult {
  const found = requireResult(store, id);
  return present(found, outdatedBy(store)(found));
}

/** The newest first; without `all` only the last of each subject, benchmark, protocol and flip. */
export function allResults(store: Reader, benchmark: number | null, all: boolean): EvaluationResult[] {
  const outdated = outdatedBy(store);
  const seen = new Set<string>();
  return listResults(store, benchmark).flatMap((result) => {
    const { subject, benchmark: of, protocol, options } = result;
    // A benchmark that was removed is told by what it was.
    const key = JSON.stringify([subject.hash, of.id ?? of.hash, protocol, options.flip]);
    if (!all && seen.has(key)) return [];
    seen.add(key);
    return [present(result, outdated(result))];
  });
}
