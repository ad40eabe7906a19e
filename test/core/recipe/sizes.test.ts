import { describe, expect, it } from 'vitest';
import { pairsOf, sizesOf, summarise } from '../../../src/core/recipe/sizes.ts';

describe('sizes of identities', () => {
  it('are counted from whose each picture is', () => {
    // 7 has three pictures; 2 and 9 one each; 4 two
    expect(sizesOf([7, 2, 7, 4, 9, 4, 7])).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
    expect(sizesOf([])).toEqual([]);
  });

  it('are summed up, from a least size on', () => {
    const sizes = sizesOf([1, 2, 2, 3, 3, 3, 4, 4, 4, 4]);
    expect(summarise(sizes)).toEqual({ images: 10, identities: 4, fewest: 1, median: 2, most: 4 });
    expect(summarise(sizes, 3)).toEqual({ images: 7, identities: 2, fewest: 3, median: 3, most: 4 });
    expect(summarise(sizes, 5)).toEqual({ images: 0, identities: 0, fewest: 0, median: 0, most: 0 });
  });

  it('tell how many pairs there are, as counting them does', () => {
    const owners = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4];
    const counted = { same: 0, different: 0 };
    owners.forEach((a, i) => {
      for (const b of owners.slice(i + 1)) counted[a === b ? 'same' : 'different'] += 1;
    });
    expect(pairsOf(sizesOf(owners))).toEqual(counted);
  });
});
