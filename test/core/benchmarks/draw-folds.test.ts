import { describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { drawFolds } from '../../../src/core/benchmarks/draw-folds.ts';

/** People with these many pictures each, whose pictures lie mixed. */
function people(counts: readonly number[], seed = 1): Int32Array {
  const random = seededRandom(seed);
  const all = counts.flatMap((count, person) => Array.from({ length: count }, () => person));
  return Int32Array.from(
    all.map((person) => [random.next(), person] as const).sort(([a], [b]) => a - b),
    ([, person]) => person,
  );
}

describe('pairs in folds that share no person', () => {
  it.each([
    ['LFW-like', Array.from({ length: 200 }, (_, i) => 1 + (i % 12)), 600, 10],
    ['one person with most pictures', [300, ...Array.from({ length: 39 }, () => 4)], 100, 10],
    ['two people a fold', Array.from({ length: 10 }, () => 6), 50, 5],
    [
      'many with one picture',
      [...Array.from({ length: 10 }, () => 5), ...Array.from({ length: 90 }, () => 1)],
      60,
      3,
    ],
  ])('%s', (_, counts, pairs, folds) => {
    const identities = people(counts);
    const drawn = drawFolds(identities, { pairs, folds, seed: 5 });
    expect(drawn.same.length).toBe(pairs);
    const seen = new Set<string>();
    const homes = new Map<number, number>();
    const sizes = Array.from({ length: folds }, () => [0, 0]);
    for (const [pair, same] of drawn.same.entries()) {
      const [a = -1, b = -1] = drawn.pairs.subarray(2 * pair, 2 * pair + 2);
      expect(a).toBeLessThan(b);
      expect(identities[a] === identities[b]).toBe(same === 1);
      seen.add(`${a} ${b}`);
      const fold = drawn.folds[pair] ?? -1;
      for (const row of [a, b]) {
        const person = identities[row] ?? -1;
        expect(homes.get(person) ?? fold).toBe(fold);
        homes.set(person, fold);
      }
      const size = sizes[fold];
      if (size !== undefined) size[same] = (size[same] ?? 0) + 1;
    }
    expect(seen.size).toBe(pairs);
    for (const [different, same] of sizes) {
      expect(different).toBe(same);
      expect(Math.abs((same ?? 0) - pairs / folds / 2)).toBeLessThan(1);
    }
    expect([...drawn.folds]).toEqual([...drawn.folds].sort((a, b) => a - b));
  });

  it('are the same for the same seed, and others for another', () => {
    const identities = people(Array.from({ length: 60 }, () => 5));
    const wish = { pairs: 200, folds: 10, seed: 3 };
    expect(drawFolds(identities, wish)).toEqual(drawFolds(identities, wish));
    expect(drawFolds(identities, wish).pairs).not.toEqual(drawFolds(identities, { ...wish, seed: 4 }).pairs);
  });

  it('says how many there can be, and that many there are', () => {
    const identities = people([40, ...Array.from({ length: 30 }, (_, i) => 1 + (i % 4))]);
    const refused = (): unknown => drawFolds(identities, { pairs: 9000, folds: 4, seed: 2 });
    expect(refused).toThrow(LineamentError);
    try {
      refused();
    } catch (thrown) {
      if (!(thrown instanceof LineamentError)) throw thrown;
      expect(thrown.code).toBe('benchmark/too-many-pairs');
      const most = Number(thrown.values.most);
      expect(most).toBeGreaterThan(40);
      expect(drawFolds(identities, { pairs: most, folds: 4, seed: 2 }).same.length).toBe(most);
    }
  });

  it('needs two people for each fold, one of them with two pictures', () => {
    const asked = { pairs: 10, folds: 5, seed: 1 };
    expect(() => drawFolds(people([9, 9, 9, 9]), asked)).toThrow(/5 folds/);
    expect(() => drawFolds(people([9, 9, 1, 1, 1, 1, 1, 1, 1, 1]), asked)).toThrow(/5 folds/);
    expect(() => drawFolds(new Int32Array(), asked)).toThrow(/5 folds/);
  });
});
