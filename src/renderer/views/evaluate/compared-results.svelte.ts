import type { ErrorInfo } from '../../../core/base/errors.ts';
import type { EvaluationCurves, EvaluationResult } from '../../../core/contract/evaluations.ts';
import { type LineStyle, lineStyle } from '../../parts/chart/line.ts';
import { useApp } from '../../state/context.ts';
import { useResource } from '../../state/resource.svelte.ts';
import { variantOf, variantWords } from '../../text/evaluation-words.ts';

/** So many curves can be told apart. */
export const mostLines = 24;

export interface ComparedResult {
  readonly result: EvaluationResult;
  readonly curves: EvaluationCurves | null;
  readonly style: LineStyle;
  readonly label: string;
}

/** Names that tell results of one benchmark apart: the network's, with the protocol where it is not the same for all. */
export function resultLabels(results: readonly EvaluationResult[]): readonly string[] {
  const one = new Set(results.map(variantOf)).size <= 1;
  const plain = results.map((result) =>
    one ? result.subject.name : `${result.subject.name}, ${variantWords[variantOf(result)].title}`,
  );
  return plain.map((name, i) =>
    plain.filter((other) => other === name).length > 1 ? `${name} (${results[i]?.id})` : name,
  );
}

/** The benchmark that a result is of: one key for all that belong over each other. */
export function benchmarkOf({ benchmark }: EvaluationResult): string {
  return benchmark.id === null ? benchmark.hash : String(benchmark.id);
}

export interface Comparison {
  /** All that the address names and that are there. */
  readonly all: readonly EvaluationResult[] | undefined;
  /** Those of the benchmark that is shown. */
  readonly shown: readonly ComparedResult[];
  /** Results beyond those that can be told apart. */
  readonly left: number;
  readonly error: ErrorInfo | null;
}

/** Results with their curves, kept up to date. For use while a component is set up. */
export function useComparison(
  ids: () => readonly number[],
  benchmark: () => string | null,
): { readonly value: Comparison } {
  const app = useApp();
  const results = useResource(['evaluations', 'benchmarks'], (signal) =>
    Promise.all(ids().map((evaluation) => app.call('evaluations.get', { evaluation }, { signal }))),
  );
  const own = $derived.by(() => {
    const all = results.value ?? [];
    const key = benchmark() ?? (all[0] ? benchmarkOf(all[0]) : '');
    return all.filter((result) => benchmarkOf(result) === key);
  });
  const drawn = $derived(own.slice(0, mostLines));
  const curves = useResource(['evaluations'], async (signal) => {
    const evaluations = drawn
      .filter(({ verification, benchmark: list }) => verification !== null && list.id !== null)
      .map(({ id }) => id);
    return evaluations.length === 0 ? [] : app.call('evaluations.curves', { evaluations }, { signal });
  });
  const value = $derived.by((): Comparison => {
    const labels = resultLabels(drawn);
    return {
      all: results.value,
      shown: drawn.map((result, i) => ({
        ...{ result, style: lineStyle(i), label: labels[i] ?? result.subject.name },
        curves: curves.value?.find(({ id }) => id === result.id) ?? null,
      })),
      left: own.length - drawn.length,
      error: results.error ?? curves.error,
    };
  });
  return {
    get value() {
      return value;
    },
  };
}
