import { error } from '../../core/base/errors.ts';
import type { VerificationTask } from '../jobs/evaluate-protocol.ts';
import type { VectorRows } from '../jobs/load-vectors.ts';
import { imageColumns } from '../store/benchmark-crops.ts';
import { benchmarkPairs } from '../store/benchmark-lists.ts';
import { markedPairs } from '../store/benchmark-marks.ts';
import type { StoredBenchmark } from '../store/benchmarks.ts';
import type { Reader } from '../store/database.ts';
import { leftOut } from '../store/evaluations.ts';

/** What training data shares with a benchmark, by its pictures: not 0 where a picture or its person is in both. [images] */
export type LeakedImages = Uint8Array;

/** A benchmark's pairs of pictures, ready to be measured. */
export interface PairList extends Pick<VerificationTask, 'pairs' | 'same' | 'folds' | 'people' | 'groups'> {
  /** Pairs whose pictures both have crops. */
  readonly whole: Uint8Array;
  readonly marked: readonly number[];
}

/** The names by numbers, in the order of their first; −1 where there is none. */
function numbered(names: readonly (string | null)[]): { readonly names: string[]; readonly of: Int32Array } {
  const numbers = new Map<string, number>();
  const of = Int32Array.from(names, (name) => {
    if (name === null) return -1;
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
  return { names: [...numbers.keys()], of };
}

/** Error: `evaluation/no-crops` where there is no pair. */
export function pairList(store: Reader, benchmark: StoredBenchmark): PairList {
  const stored = benchmarkPairs(store, benchmark.id);
  if (stored === null || stored.same.length === 0)
    throw error('evaluation/no-crops', { name: benchmark.name });
  const { pairs, same, folds } = stored;
  const { crops, people, groups } = imageColumns(store, benchmark.id);
  const first = pairs.filter((_, i) => i % 2 === 0);
  const second = pairs.filter((_, i) => i % 2 === 1);
  const persons = numbered(people);
  const person = (image: number): number => persons.of[image] ?? -1;
  const grouped = numbered(groups);
  const known = pairs.every((image) => person(image) >= 0);
  return {
    ...{ pairs, same, folds },
    people: known ? { first: first.map(person), second: second.map(person) } : null,
    groups: {
      names: grouped.names,
      of: Int16Array.from(first, (image, i) => {
        const [one, other] = [grouped.of[image] ?? -1, grouped.of[second[i] ?? -1] ?? -1];
        return one === other ? one : -1;
      }),
    },
    whole: Uint8Array.from(first, (image, i) => (crops[image] && crops[second[i] ?? -1] ? 1 : 0)),
    marked: markedPairs(store, benchmark.id),
  };
}

/** Why each pair is left out. [n] */
export function reasons({ pairs, whole, marked }: PairList, leaked: LeakedImages | null): Uint8Array {
  const all = new Uint8Array(whole.length);
  if (leaked !== null)
    for (let i = 0; i < all.length; i++)
      if (leaked[pairs[2 * i] ?? 0] || leaked[pairs[2 * i + 1] ?? 0]) all[i] = leftOut.leaked;
  for (const pair of marked) all[pair] = leftOut.marked;
  for (let i = 0; i < all.length; i++) if (whole[i] === 0) all[i] = leftOut.lost;
  return all;
}

/** How many pairs are left out for this reason. */
export function countOf(all: Uint8Array, reason: number): number {
  return all.reduce((sum, one) => sum + (one === reason ? 1 : 0), 0);
}

/** What a task of this list is, by these embeddings. */
export function verificationTask(
  list: PairList,
  parts: readonly VectorRows[],
  leaked: LeakedImages | null,
  options: Pick<VerificationTask, 'protocol' | 'resamples' | 'seed'>,
): VerificationTask {
  const { pairs, same, folds, people, groups } = list;
  return {
    ...{ kind: 'verification', parts, pairs, same, folds, people, groups },
    ...{ leftOut: reasons(list, leaked), ...options },
  };
}
