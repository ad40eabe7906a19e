import { error } from '../../core/base/errors.ts';
import type { VerificationTask } from '../jobs/evaluate-protocol.ts';
import type { VectorRows } from '../jobs/load-vectors.ts';
import { imageColumns } from '../store/benchmark-crops.ts';
import { benchmarkPairs, trainingPairs } from '../store/benchmark-lists.ts';
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
  /** Pairs to choose a threshold on; null where the list has none of its own. */
  readonly training: Pick<PairList, 'pairs' | 'same' | 'people' | 'whole'> | null;
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
  const sides = (of: Int32Array) => ({
    first: of.filter((_, i) => i % 2 === 0),
    second: of.filter((_, i) => i % 2 === 1),
  });
  const { first, second } = sides(pairs);
  const persons = numbered(people);
  const person = (image: number): number => persons.of[image] ?? -1;
  const grouped = numbered(groups);
  const peopleOf = (of: Int32Array): PairList['people'] => {
    if (!of.every((image) => person(image) >= 0)) return null;
    const both = sides(of);
    return { first: both.first.map(person), second: both.second.map(person) };
  };
  const wholeOf = (of: Int32Array): Uint8Array => {
    const both = sides(of);
    return Uint8Array.from(both.first, (image, i) => (crops[image] && crops[both.second[i] ?? -1] ? 1 : 0));
  };
  const training = trainingPairs(store, benchmark.id);
  return {
    ...{ pairs, same, folds, people: peopleOf(pairs), whole: wholeOf(pairs) },
    training: training && {
      ...{ ...training, people: peopleOf(training.pairs), whole: wholeOf(training.pairs) },
    },
    groups: {
      names: grouped.names,
      of: Int16Array.from(first, (image, i) => {
        const [one, other] = [grouped.of[image] ?? -1, grouped.of[second[i] ?? -1] ?? -1];
        return one === other ? one : -1;
      }),
    },
    marked: markedPairs(store, benchmark.id),
  };
}

/** Why each pair is left out. [n] */
export function reasons(
  { pairs, whole, marked }: Pick<PairList, 'pairs' | 'whole' | 'marked'>,
  leaked: LeakedImages | null,
): Uint8Array {
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
  const { pairs, same, folds, people, groups, training } = list;
  return {
    ...{ kind: 'verification', parts, pairs, same, folds, people, groups },
    ...{ leftOut: reasons(list, leaked), ...options },
    training: training && {
      ...{ pairs: training.pairs, same: training.same, people: training.people },
      leftOut: reasons({ ...training, marked: [] }, leaked), // pairs are marked by their places in the list
    },
  };
}
