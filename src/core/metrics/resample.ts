import { assert } from '../base/assert.ts';
import type { Random } from '../base/random.ts';
import type { Folds } from './folds.ts';

/** Draws anew how often each pair counts, and writes it into `weights` ([pairs]). */
export type Resample = (random: Random, weights: Int32Array) => void;

/** From every fold as many of its pairs as it has, with replacement (Efron 1979, by strata). */
export function resamplePairs({ of, count }: Folds): Resample {
  const starts = new Int32Array(count + 1); // of each fold in `pairs`
  for (const fold of of) starts[fold + 1] = (starts[fold + 1] ?? 0) + 1;
  for (let fold = 0; fold < count; fold++) starts[fold + 1] = (starts[fold + 1] ?? 0) + (starts[fold] ?? 0);
  const next = starts.slice();
  const pairs = new Int32Array(of.length);
  of.forEach((fold, pair) => {
    const place = next[fold] ?? 0;
    pairs[place] = pair;
    next[fold] = place + 1;
  });
  return (random, weights) => {
    weights.fill(0);
    for (let fold = 0; fold < count; fold++) {
      const start = starts[fold] ?? 0;
      const size = (starts[fold + 1] ?? 0) - start;
      for (let draw = 0; draw < size; draw++) {
        const pair = pairs[start + random.int(size)] ?? 0;
        weights[pair] = (weights[pair] ?? 0) + 1;
      }
    }
  };
}

/** The person in the first and in the second picture of each pair, by any numbers. */
export interface PairIdentities {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/**
 * As many persons as there are, with replacement; a pair of one person counts as often as the person was drawn, a pair
 * of two as often as both were, multiplied (the vertex bootstrap of Snijders and Borgatti 1999). Pairs that share a
 * person come and go together, as they would in another sample of people.
 */
export function resampleIdentities({ first, second }: PairIdentities): Resample {
  assert(first.length === second.length, `${first.length} first and ${second.length} second persons`);
  const numbers = new Map<number, number>();
  const numbered = (person: number): number => {
    const known = numbers.get(person) ?? numbers.size;
    numbers.set(person, known);
    return known;
  };
  const a = Int32Array.from(first, numbered);
  const b = Int32Array.from(second, numbered);
  const drawn = new Int32Array(numbers.size);
  return (random, weights) => {
    assert(weights.length === a.length, `${a.length} pairs of persons for ${weights.length} pairs`);
    drawn.fill(0);
    for (let draw = 0; draw < drawn.length; draw++) {
      const person = random.int(drawn.length);
      drawn[person] = (drawn[person] ?? 0) + 1;
    }
    for (let pair = 0; pair < a.length; pair++) {
      const [one, two] = [a[pair] ?? 0, b[pair] ?? 0];
      weights[pair] = (drawn[one] ?? 0) * (one === two ? 1 : (drawn[two] ?? 0));
    }
  };
}
