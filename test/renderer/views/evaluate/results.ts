import type { EvaluationResult, Figure } from '../../../../src/core/contract/evaluations.ts';

const figure = (value: number): Figure => ({ value, low: value - 0.01, high: value + 0.01 });

/** A result for tests of what is made of it; `accuracy` and whatever else differs. */
export function resultOf(
  id: number,
  subject: string,
  benchmark: string,
  accuracy: number,
  more: Partial<EvaluationResult> = {},
): EvaluationResult {
  return {
    ...{ id, protocol: 'evolve', createdAt: id, pairs: 600, lost: 0, marked: 0, leaked: 0 },
    subject: { hash: subject, name: subject, models: [subject], run: null },
    benchmark: { id: benchmark.length, name: benchmark, hash: benchmark, kind: 'verification' },
    options: { flip: true, resamples: 1000, seed: 0, leaks: 'count', trainedOn: null },
    verification: {
      ...{ accuracy: figure(accuracy), deviation: 0.01, standardError: 0.003, threshold: 1.2, folds: [] },
      ...{ auc: figure(0.99), eer: figure(0.02), tar: [figure(0.98), null, null, null, null, null] },
      resampled: 'pairs',
    },
    ...{ groups: [], identification: null, withAll: null, leak: null },
    ...{ seconds: 1, embedded: 0, outdated: false },
    ...more,
  };
}
