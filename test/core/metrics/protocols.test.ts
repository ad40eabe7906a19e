import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { contiguousFolds } from '../../../src/core/metrics/folds.ts';
import { protocolNames, protocols, runProtocol } from '../../../src/core/metrics/protocols.ts';
import { oracleFolds, oracleMean, oracleProtocol } from '../../support/metrics-oracle.ts';
import { asDistances, cases, drawnPairs } from '../../support/metrics-oracle-cases.ts';

const inOwnScore = (name: (typeof protocolNames)[number], pairs: ReturnType<typeof drawnPairs>) =>
  protocols[name].score === 'cosine' ? pairs : asDistances(pairs);

describe.each(protocolNames)('the protocol %s', (name) => {
  it('is named by its key', () => expect(protocols[name].name).toBe(name));

  it.each(cases)('of %s is what trying every threshold gives', (_, cosines) => {
    const pairs = inOwnScore(name, cosines);
    const folds = oracleFolds(pairs.scores.length);
    const wanted = oracleProtocol(name, pairs, folds);
    const { folds: figures, ...result } = runProtocol(name, pairs);
    expect(figures.map(({ accuracy, threshold }) => ({ threshold, accuracy }))).toEqual(wanted);
    expect(figures.map(({ pairs: count }) => count)).toEqual(
      wanted.map((_fold, fold) => folds.filter((own) => own === fold).length),
    );
    const accuracies = wanted.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
    if (accuracies.length === 0) {
      expect(result).toEqual({ accuracy: null, standardError: null, deviation: null, threshold: null });
      return;
    }
    const { mean, deviation, error } = oracleMean(accuracies);
    expect(result.accuracy).toBe(mean);
    if (accuracies.length >= 2) {
      expect(result.deviation).toBeCloseTo(deviation, 14);
      expect(result.standardError).toBeCloseTo(error, 14);
    }
    const thresholds = wanted.map(({ threshold }) => threshold ?? Number.NaN);
    expect(result.threshold).toBeCloseTo(oracleMean(thresholds).mean, 12);
  });

  it('takes the folds that come with the pairs, in any order and with empty ones among them', () => {
    const pairs = inOwnScore(name, drawnPairs(200, 0.02, 11));
    const folds = pairs.scores.map((_, i) => [0, 3, 1, 5][(i * 7) % 4] ?? 0);
    const result = runProtocol(name, { ...pairs, folds });
    expect(result.folds.map(({ accuracy, threshold }) => ({ threshold, accuracy }))).toEqual(
      oracleProtocol(name, pairs, folds),
    );
    expect(result.folds.map(({ pairs: count }) => count)).toEqual([50, 50, 0, 50, 0, 50]);
    expect(result.folds[2]?.accuracy).toBe(null);
    expect(result.accuracy).not.toBe(null);
  });

  it('says nothing where one fold holds all', () => {
    const { folds, ...result } = runProtocol(name, inOwnScore(name, drawnPairs(20, 0, 12)), { folds: 1 });
    expect(folds).toEqual([{ fold: 0, pairs: 20, accuracy: null, threshold: null }]);
    expect(result).toEqual({ accuracy: null, standardError: null, deviation: null, threshold: null });
  });

  it('judges one fold by a threshold of pairs that are there for that alone', () => {
    for (const [n, m, grain] of [
      [40, 60, 0.05],
      [33, 7, 0],
      [1, 50, 0],
      [20, 1, 0.1],
    ] as const) {
      const pairs = inOwnScore(name, drawnPairs(n, grain, 14 + n));
      const training = inOwnScore(name, drawnPairs(m, grain, 15 + m));
      const joined = {
        scores: [...pairs.scores, ...training.scores],
        same: [...pairs.same, ...training.same],
      };
      const [wanted] = oracleProtocol(name, joined, [
        ...pairs.same.map(() => 0),
        ...training.same.map(() => 1),
      ]);
      const result = runProtocol(name, { ...pairs, folds: pairs.same.map((_, i) => i % 3) }, { training });
      expect(result.folds).toEqual([{ fold: 0, pairs: n, ...wanted }]);
      expect(result).toMatchObject({ ...wanted, deviation: null, standardError: null });
    }
    const alone = runProtocol(name, inOwnScore(name, drawnPairs(20, 0, 16)), {
      training: { scores: [], same: [] },
    });
    expect(alone).toMatchObject({ accuracy: null, threshold: null });
  });

  it('takes single precision as it is', () => {
    const pairs = inOwnScore(name, drawnPairs(150, 0, 13));
    const scores = Float32Array.from(pairs.scores);
    const plain = { scores: Array.from(scores), same: pairs.same };
    const result = runProtocol(name, { scores, same: Uint8Array.from(pairs.same) });
    expect(result.folds.map(({ accuracy, threshold }) => ({ threshold, accuracy }))).toEqual(
      oracleProtocol(name, plain, oracleFolds(150)),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d with its place',
    (bad) => {
      expect(() => runProtocol(name, { scores: [0.1, 0.2, bad], same: [0, 1, 1] })).toThrow(
        expect.objectContaining({
          code: 'metrics/bad-score',
          values: { what: 'pair', index: 2, score: `${bad}` },
        }),
      );
    },
  );
});

describe('any pairs in any folds', () => {
  it('give what trying every threshold gives', () => {
    const random = seededRandom(91);
    for (let seed = 0; seed < 40; seed++) {
      const size = 1 + random.int(40);
      const cosines = drawnPairs(size, [0, 0.01, 0.1, 0.5][seed % 4] ?? 0, 100 + seed, random.next());
      const most = 1 + random.int(12);
      const folds = cosines.scores.map(() => random.int(most));
      for (const name of protocolNames) {
        const pairs = inOwnScore(name, cosines);
        const figures = runProtocol(name, { ...pairs, folds }).folds;
        expect(figures.map(({ accuracy, threshold }) => ({ threshold, accuracy }))).toEqual(
          oracleProtocol(name, pairs, folds),
        );
      }
    }
  });
});

describe('what the protocols differ in', () => {
  it('evolve: the first of equally good thresholds, strictly below', () => {
    // Any threshold from 1.01 to 2 parts the training pairs; 1.00 does not: its own pair is not below it.
    const pairs = { scores: [1, 2, 1, 2], same: [1, 0, 1, 0] };
    const [first] = runProtocol('evolve', pairs, { folds: 2 }).folds;
    expect(first).toEqual({ fold: 0, pairs: 2, accuracy: 1, threshold: 1.01 });
  });

  it('facex: a score that is the threshold is wrong, of one person or two', () => {
    // Constant training scores have that score as the only threshold.
    const pairs = { scores: [0.5, 0.5, 0.5, 0.5], same: [1, 0, 1, 0] };
    expect(runProtocol('facex', pairs, { folds: 2 }).accuracy).toBe(0);
    expect(runProtocol('standard', pairs, { folds: 2 }).accuracy).toBe(0.5);
  });

  it('facex: TPR − FPR does not count which kind is rarer, accuracy does', () => {
    // On either fold's training pairs: eight of two people, one of one person among the three highest.
    const fold = {
      scores: [0.1, 0.2, 0.3, 0.4, 0.5, 0.5995, 0.8, 0.9, 0.7],
      same: [0, 0, 0, 0, 0, 0, 0, 0, 1],
    };
    const pairs = { scores: [...fold.scores, ...fold.scores], same: [...fold.same, ...fold.same] };
    expect(runProtocol('facex', pairs, { folds: 2 }).accuracy).toBeCloseTo(7 / 9, 12);
    expect(runProtocol('standard', pairs, { folds: 2 }).accuracy).toBeCloseTo(8 / 9, 12);
  });

  it('folds are scikit-learn’s: the first ones take what is left over', () => {
    const { of, count } = contiguousFolds(23, 10);
    expect(count).toBe(10);
    expect(Array.from(of)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
  });
});
