import { assert } from '../base/assert.ts';
import { mixSeeds } from '../base/random.ts';
import type { Folds } from './folds.ts';

/** Draws how often each pair counts, and writes it into `weights` ([pairs]). Another seed is another draw. */
export type Resample = (seed: number, weights: Int32Array) => void;

/**
 * Whole numbers in [0, below), at place `draw` of the sequence of a seed (the mixing of splitmix32, which also seeds `seededRandom`).
 * A thousand resamples are millions of draws: this is small enough to become part of their loops.
 */
function drawn(seed: number, draw: number, below: number): number {
  let z = seed ^ Math.imul(draw + 1, 0x9e3779b9);
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return Math.floor(((z ^ (z >>> 15)) >>> 0) * (below / 0x1_0000_0000));
}

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
  return (seed, weights) => {
    weights.fill(0);
    const own = mixSeeds(seed);
    for (let fold = 0; fold < count; fold++) {
      const start = starts[fold] ?? 0;
      const size = (starts[fold + 1] ?? 0) - start;
      for (let draw = start; draw < start + size; draw++) {
        const pair = pairs[start + drawn(own, draw, size)] ?? 0;
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
  const times = new Int32Array(numbers.size);
  return (seed, weights) => {
    const own = mixSeeds(seed);
    assert(weights.length === a.length, `${a.length} pairs of persons for ${weights.length} pairs`);
    times.fill(0);
    for (let draw = 0; draw < times.length; draw++) {
      const person = drawn(own, draw, times.length);
      times[person] = (times[person] ?? 0) + 1;
    }
    for (let pair = 0; pair < a.length; pair++) {
      const [one, two] = [a[pair] ?? 0, b[pair] ?? 0];
      weights[pair] = (times[one] ?? 0) * (one === two ? 1 : (times[two] ?? 0));
    }
  };
}
