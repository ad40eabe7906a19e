import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../../src/core/metrics/bootstrap.ts';
import { scoreHistogram } from '../../../src/core/metrics/histogram.ts';
import { protocolNames, protocols, runProtocol } from '../../../src/core/metrics/protocols.ts';
import { rankPairs } from '../../../src/core/metrics/ranked.ts';
import { aucOf } from '../../../src/core/metrics/separation.ts';
import { tarAt } from '../../../src/core/metrics/tar-at-far.ts';
import { asDistances, drawnPairs } from '../../support/metrics-oracle-cases.ts';

const script = fileURLToPath(new URL('../../support/metrics-oracle.py', import.meta.url));
const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import numpy']).status === 0,
);
const rates = [0.1, 0.01, 1e-3, 1e-4];

/** A fold's accuracy and threshold, as the script writes them. */
type Fold = readonly [accuracy: number, threshold: number];

interface Figures extends Readonly<Record<(typeof protocolNames)[number], readonly Fold[]>> {
  readonly auc: number;
  readonly tar: readonly (number | null)[];
  readonly same: readonly number[];
  readonly others: readonly number[];
  readonly quantiles: readonly number[];
}

function byNumpy(scores: readonly number[], same: readonly number[]): Figures {
  const input = JSON.stringify({ scores, same, rates, bins: 64 });
  const { stdout, stderr, status } = spawnSync(python ?? '', [script], { input, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe.skipIf(!python)('NumPy gives the same', () => {
  it.each([
    ['2,000 pairs', drawnPairs(2000, 0, 81)],
    ['1,203 pairs with ties', drawnPairs(1203, 0.01, 82)],
  ])('for %s', (_, pairs) => {
    const wanted = byNumpy(pairs.scores, pairs.same);
    for (const name of protocolNames) {
      const own = protocols[name].score === 'cosine' ? pairs : asDistances(pairs);
      const folds = runProtocol(name, own).folds.map(({ accuracy, threshold }) => [accuracy, threshold]);
      expect(folds).toEqual(wanted[name]);
    }
    const ranked = rankPairs(pairs);
    expect(aucOf(ranked)).toBeCloseTo(wanted.auc, 12);
    expect(rates.map((rate) => tarAt(ranked, rate).tar)).toEqual(wanted.tar);
    const { same, others } = scoreHistogram(pairs, { bins: 64, range: [-1, 1] });
    expect([Array.from(same), Array.from(others)]).toEqual([wanted.same, wanted.others]);
    const sorted = Float64Array.from(pairs.scores).sort();
    [0.025, 0.5, 0.975].forEach((part, i) => {
      expect(quantile(sorted, part)).toBeCloseTo(wanted.quantiles[i] ?? 0, 14);
    });
  });
});
