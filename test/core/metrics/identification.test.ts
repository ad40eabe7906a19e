import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { identification } from '../../../src/core/metrics/identification.ts';
import { dirAtFar } from '../../../src/core/metrics/open-set.ts';
import { topScores } from '../../../src/core/metrics/top-scores.ts';
import { oracleDir, oracleRanks, type ScoreMatrix } from '../../support/metrics-oracle-identification.ts';

interface Drawn {
  readonly probes: readonly number[];
  readonly gallery: readonly number[];
  readonly scores: ScoreMatrix;
}

/** Probes of persons 0…11, of whom 0…7 are in the gallery; scores in steps of `grain`. */
function drawn(probes: number, entries: number, grain: number, seed: number, gap = 0.4): Drawn {
  const random = seededRandom(seed);
  const people = (n: number, of: number): number[] => Array.from({ length: n }, () => random.int(of));
  const [a, b] = [people(probes, 12), people(entries, 8)];
  const scores = a.map((probe) =>
    b.map((entry) => {
      const score = (probe === entry ? gap : 0) + 0.2 * random.normal();
      return grain === 0 ? score : Math.round(score / grain) * grain;
    }),
  );
  return { probes: a, gallery: b, scores };
}

/** The matrix in pieces of the given size, from the last to the first. */
function pieces(scores: ScoreMatrix, rows: number, columns: number) {
  const blocks = [];
  const width = scores[0]?.length ?? 0;
  for (let probe = 0; probe < scores.length; probe += rows) {
    for (let entry = 0; entry < width; entry += columns) {
      const part = scores.slice(probe, probe + rows).map((row) => row.slice(entry, entry + columns));
      const flat = part.flat();
      blocks.unshift({ probe, entry, rows: part.length, columns: part[0]?.length ?? 0, scores: flat });
    }
  }
  return blocks;
}

function identified(setup: Drawn & { own?: number[] }, ranks: number, rows = 7, columns = 5) {
  const tally = identification({ ...setup, ranks });
  for (const block of pieces(setup.scores, rows, columns)) tally.add(block);
  return tally.result();
}

const constant = drawn(10, 6, 0, 3);
const cases: readonly (readonly [what: string, setup: Drawn])[] = [
  ['scores without ties', drawn(40, 25, 0, 1)],
  ['scores with many ties', drawn(40, 25, 0.1, 2)],
  ['constant scores', { ...constant, scores: constant.scores.map((row) => row.map(() => 0.5)) }],
  ['one entry', drawn(20, 1, 0, 4)],
  ['nobody known', { ...drawn(9, 7, 0, 5), probes: Array.from({ length: 9 }, () => 99) }],
  ['everybody known', { ...drawn(9, 30, 0.05, 6), probes: [0, 1, 2, 3, 4, 5, 6, 7, 0] }],
];

describe.each(cases)('identification with %s', (_, setup) => {
  it.each([1, 3, 100])('has the ranks of the definition, counted up to %d', (most) => {
    const wanted = oracleRanks(setup);
    const result = identified(setup, most);
    expect(Array.from(result.ranks)).toEqual(
      wanted.map((rank) => (rank !== null && rank <= most ? rank : 0)),
    );
    const mated = wanted.filter((rank) => rank !== null);
    expect([result.mated, result.unmated]).toEqual([mated.length, wanted.length - mated.length]);
    expect(result.cmc && Array.from(result.cmc)).toEqual(
      mated.length === 0
        ? null
        : Array.from(
            { length: most },
            (__, k) => mated.filter((rank) => rank <= k + 1).length / mated.length,
          ),
    );
  });

  it('is the same whatever the pieces', () => {
    expect(identified(setup, 5, 1, 1)).toEqual(identified(setup, 5, 100, 100));
  });

  it.each([1, 5])('finds at rank %d what the best threshold finds', (rank) => {
    const rates = [1, 0.5, 0.2, 0.1, 0.01];
    const found = dirAtFar(identified(setup, 20), rates, rank);
    expect(found.map(({ dir }) => dir)).toEqual(rates.map((rate) => oracleDir(setup, rate, rank)));
    for (const { far, rate } of found) if (far !== null) expect(far).toBeLessThanOrEqual(rate);
  });
});

describe('identification', () => {
  it('does not compare a picture with itself', () => {
    const setup = drawn(12, 12, 0.1, 7);
    const both = { ...setup, probes: setup.gallery, own: setup.gallery.map((_, i) => i) };
    expect(Array.from(identified(both, 50).ranks)).toEqual(oracleRanks(both).map((rank) => rank ?? 0));
  });

  it('names the rival of each probe, the first of equal ones', () => {
    const setup = {
      probes: [1, 5],
      gallery: [2, 1, 3],
      scores: [
        [0.4, 0.9, 0.4],
        [0.1, 0.2, 0.3],
      ],
    };
    const { rival, mate } = identified(setup, 2);
    expect(rival).toEqual([
      { entry: 0, score: 0.4 },
      { entry: 2, score: 0.3 },
    ]);
    expect(Array.from(mate)).toEqual([0.9, Number.NaN]);
  });

  it('refuses what is no number, with its place', () => {
    const tally = identification({ probes: [1, 2], gallery: [1, 2, 3] });
    const block = { probe: 1, entry: 1, rows: 1, columns: 2, scores: [0.5, Number.NaN] };
    expect(() => tally.add(block)).toThrow(/probe 1 and entry 2 is NaN/);
  });
});

describe('the best scores in pieces', () => {
  it.each([0, 1, 2, 7, 100])('are the %d largest, of equal ones the first entries', (k) => {
    const random = seededRandom(k);
    const scores = Array.from({ length: 60 }, () => random.int(12));
    const top = topScores(2, k);
    for (let entry = 59; entry >= 0; entry -= 1) {
      const place = (entry * 17) % 60;
      top.offer(1, place, scores[place] ?? 0);
    }
    const wanted = scores
      .map((score, entry) => ({ entry, score }))
      .sort((a, b) => b.score - a.score || a.entry - b.entry)
      .slice(0, k);
    expect(top.of(1)).toEqual(wanted);
    expect(top.of(0)).toEqual([]);
  });
});
