import { assert } from '../../core/base/assert.ts';
import type { EvaluateTask } from '../jobs/evaluate-protocol.ts';
import type { VectorRows } from '../jobs/load-vectors.ts';
import type { Context } from './context.ts';
import { type LeakedImages, type PairList, pairList, verificationTask } from './evaluation-lists.ts';
import { marksHash } from './evaluation-marks.ts';
import type { Measurement } from './evaluation-plan.ts';

/** What a measurement counts in a job's progress, beside pictures that are embedded. */
export function weightOf({ benchmark }: Pick<Measurement, 'benchmark'>): number {
  return benchmark.kind === 'verification' ? 1 : Math.max(1, Math.round(benchmark.images / 50));
}

export interface MadeTask {
  readonly task: EvaluateTask;
  /** By pair; empty where there are no pairs of pictures. */
  readonly leftOut: Uint8Array;
  /** Of the pairs that are marked in it. */
  readonly marks: string;
}

/** Makes tasks of measurements; lists are read once for all that follow one another. */
export function taskMaker({
  store,
}: Pick<Context, 'store'>): (
  measurement: Measurement,
  parts: readonly VectorRows[],
  leaked: LeakedImages | null,
) => MadeTask {
  let pairs: { readonly benchmark: number; readonly list: PairList } | null = null;
  return ({ benchmark, protocol, options }, parts, leaked) => {
    const { resamples, seed } = options;
    assert(benchmark.kind === 'verification', `benchmarks of ${benchmark.kind} are being built`);
    if (pairs?.benchmark !== benchmark.id)
      pairs = { benchmark: benchmark.id, list: pairList(store, benchmark) };
    const task = verificationTask(pairs.list, parts, leaked, { protocol, resamples, seed });
    return { task, leftOut: task.leftOut, marks: marksHash(pairs.list.marked) };
  };
}
