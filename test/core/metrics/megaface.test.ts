import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { betweenCounts } from '../../../src/core/metrics/between-counts.ts';
import { megaFace } from '../../../src/core/metrics/megaface.ts';
import { oracleMegaFace } from '../../support/metrics-oracle-identification.ts';

const rates = [1, 0.1, 0.01, 1e-3, 1e-4];

/** Alikeness of pictures of `people` persons to one another and to distractors, in steps of `grain`. */
function drawn(people: number, each: number, distractors: number, grain: number, seed: number) {
  const random = seededRandom(seed);
  const score = (mean: number): number => {
    const value = mean + 0.15 * random.normal();
    return grain === 0 ? value : Math.round(value / grain) * grain;
  };
  const identities = Array.from({ length: people * each }, (_, i) => i % people);
  return {
    identities,
    // Not the same both ways round, as with masks.
    alike: identities.map((a) => identities.map((b) => score(a === b ? 0.5 : 0))),
    distractors: identities.map(() => Array.from({ length: distractors }, () => score(0))),
  };
}

const cases = [
  ['scores without ties', drawn(4, 4, 40, 0, 1)],
  ['scores with many ties', drawn(3, 5, 40, 0.1, 2)],
  [
    'more alike distractors than mates',
    (() => {
      const setup = drawn(3, 3, 40, 0.05, 3);
      return { ...setup, alike: setup.alike.map((row) => row.map((value) => value - 2)) };
    })(),
  ],
  [
    'constant scores',
    (() => {
      const setup = drawn(3, 3, 10, 0, 4);
      const same = (rows: number[][]): number[][] => rows.map((row) => row.map(() => 0.5));
      return { ...setup, alike: same(setup.alike), distractors: same(setup.distractors) };
    })(),
  ],
  ['fewer distractors than ranks', drawn(3, 3, 2, 0, 5)],
  ['no distractors', drawn(2, 3, 0, 0, 6)],
  ['pictures of unlike persons only', drawn(6, 1, 20, 0, 7)],
] as const;

describe.each(cases)('MegaFace with %s', (_, { identities, alike, distractors }) => {
  const run = (columns: number) => {
    const tally = megaFace({ identities, positive: (gallery, probe) => alike[gallery]?.[probe] ?? 0 });
    const width = distractors[0]?.length ?? 0;
    for (let probe = 0; probe < identities.length; probe += 3) {
      for (let entry = 0; entry < width; entry += columns) {
        const part = distractors.slice(probe, probe + 3).map((row) => row.slice(entry, entry + columns));
        const block = { probe, entry, rows: part.length, columns: part[0]?.length ?? 0, scores: part.flat() };
        tally.add(block);
      }
    }
    return tally.result(12, rates);
  };

  it('has the hits and the true accepts of the definitions', () => {
    const wanted = oracleMegaFace(identities, alike, distractors, rates, 12);
    const result = run(7);
    expect(Array.from(result.pairs.scores)).toEqual(wanted.pairs.map(({ score }) => score));
    expect(Array.from(result.pairs.gallery)).toEqual(wanted.pairs.map(({ gallery }) => gallery));
    expect(result.cmc && Array.from(result.cmc)).toEqual(wanted.pairs.length === 0 ? null : wanted.cmc);
    expect(result.tar.map(({ tar }) => tar)).toEqual(wanted.tar);
    expect(result.negatives).toBe(distractors.flat().length);
  });

  it('has thresholds that let through what it says', () => {
    const result = run(100);
    const negatives = distractors.flat();
    for (const { threshold, tar, far } of result.tar) {
      if (threshold === null) continue;
      const above = (scores: readonly number[]): number =>
        scores.filter((score) => score > threshold).length / scores.length;
      expect([above(Array.from(result.pairs.scores)), above(negatives)]).toEqual([tar, far]);
    }
  });

  it('is the same whatever the pieces', () => expect(run(1)).toEqual(run(1000)));
});

describe('MegaFace', () => {
  it('remembers the most alike distractors where it is asked to', () => {
    const { identities, alike, distractors } = drawn(3, 2, 30, 0.05, 8);
    const positive = (gallery: number, probe: number): number => alike[gallery]?.[probe] ?? 0;
    const tally = megaFace({ identities, positive, keep: 4 });
    for (const entry of [20, 0, 10]) {
      const part = distractors.map((row) => row.slice(entry, entry + 10));
      tally.add({ probe: 0, entry, rows: 6, columns: 10, scores: part.flat() });
    }
    distractors.forEach((row, probe) => {
      const wanted = row
        .map((score, entry) => ({ entry, score }))
        .sort((a, b) => b.score - a.score || a.entry - b.entry);
      expect(tally.nearest(probe)).toEqual(wanted.slice(0, 4));
    });
    expect(megaFace({ identities, positive }).nearest(0)).toEqual([]);
  });

  it('refuses what is no number', () => {
    expect(() => megaFace({ identities: [1, 1], positive: () => Number.NaN })).toThrow(/is NaN/);
    const tally = megaFace({ identities: [1, 1], positive: () => 0.5 });
    const block = { probe: 0, entry: 0, rows: 1, columns: 3, scores: [0, Number.NaN, 1] };
    expect(() => tally.add(block)).toThrow(/place 1 is NaN/);
    expect(tally.result().negatives).toBe(0);
  });
});

describe('counts between marks', () => {
  it.each([
    [0, 0.25],
    [1, 0.25],
    [2, 0],
    [50, 0.01],
    [500, 0],
  ])('with %d marks are those of comparing with each', (count, grain) => {
    const random = seededRandom(count + 1);
    const value = (): number => (grain === 0 ? random.normal() : Math.round(random.normal() / grain) * grain);
    const marks = [...new Set(Array.from({ length: count }, value))].sort((a, b) => a - b);
    const values = [...Array.from({ length: 800 }, value), ...marks.slice(0, 3)];
    const counts = betweenCounts(Float64Array.from(marks));
    counts.add(values, 0, 300);
    counts.add(values, 300);
    const wanted = (kept: (value: number, mark: number) => boolean): number[] =>
      marks.map((mark) => values.filter((one) => kept(one, mark)).length);
    expect(Array.from(counts.atLeast())).toEqual(wanted((one, mark) => one >= mark));
    expect(Array.from(counts.above())).toEqual(wanted((one, mark) => one > mark));
    expect(counts.total()).toBe(values.length);
  });
});
