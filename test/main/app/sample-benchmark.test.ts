import { expect, it } from 'vitest';
import { drawFolds } from '../../../src/core/benchmarks/draw-folds.ts';
import { foldsOf } from '../../../src/main/app/sample-benchmark.ts';

it('asks for no more pairs than people give, in folds of two and more', () => {
  for (const [people, each] of [
    [4, 2],
    [5, 3],
    [16, 14],
    [40, 5],
  ] as const) {
    const size = foldsOf(people, each);
    if (size === null) throw new Error('there are enough people');
    const identities = Int32Array.from({ length: people * each }, (_, i) => Math.floor(i / each));
    expect(drawFolds(identities, { ...size, seed: 1 }).same).toHaveLength(size.pairs);
  }
  expect(foldsOf(16, 14)).toEqual({ folds: 8, pairs: 1200 });
  expect(foldsOf(3, 14)).toBeNull();
  expect(foldsOf(8, 1)).toBeNull();
});
