import { describe, expect, it } from 'vitest';
import { evaluationWish } from '../../../src/core/contract/evaluations.ts';
import { marksHash } from '../../../src/main/app/evaluation-marks.ts';
import { planned } from '../../../src/main/app/evaluation-plan.ts';
import { allResults } from '../../../src/main/app/evaluation-results.ts';
import { markPairs } from '../../../src/main/store/benchmark-marks.ts';
import {
  addBenchmark,
  getBenchmark,
  removeBenchmark,
  setBenchmarkFigures,
} from '../../../src/main/store/benchmarks.ts';
import type { Store } from '../../../src/main/store/database.ts';
import {
  addResult,
  getResult,
  listResults,
  removeResults,
  resultScores,
  type StoredResult,
} from '../../../src/main/store/evaluations.ts';
import { record } from '../../../src/main/store/journal.ts';
import { hashOf, inStore } from '../store/support.ts';

const subject = { hash: hashOf(1), name: 'Net', models: ['net'], run: null };
const options = { flip: false, resamples: 1000, seed: 0, leaks: 'count', trainedOn: null } as const;
const figures = {
  ...{ pairs: 3, lost: 1, marked: 0, leaked: 0, verification: null, groups: [], identification: null },
  ...{ withAll: null, leak: null, seconds: 1, embedded: 2, marks: '', curves: null },
} as const;

const counted = {
  ...{ images: 4, problems: 0, people: null, pairs: 3, samePairs: 1, lostPairs: 1, folds: null },
  groups: [],
};

function benchmarkOf(store: Store, name = 'Pairs', hash = hashOf(9)): number {
  return store.write((writer) => {
    const id = addBenchmark(writer, {
      ...{ name, kind: 'verification', format: 'csv', title: name, source: '/a', imagesSource: null },
      ...{ alignment: 'aligned', createdAt: 1 },
    });
    setBenchmarkFigures(writer, id, counted, hash);
    return id;
  });
}

function made(benchmark: number, more: Partial<StoredResult> = {}): Omit<StoredResult, 'id'> {
  return {
    ...{ subject, options, figures, protocol: 'facex', createdAt: 5 },
    benchmark: { id: benchmark, name: 'Pairs', hash: hashOf(9), kind: 'verification' },
    ...more,
  };
}

describe('measurements in the store', () => {
  it('come back as they were, scores that are none among them', () => {
    inStore((store) => {
      const benchmark = benchmarkOf(store);
      const scores = { scores: Float32Array.of(0.5, Number.NaN, -0.25), leftOut: Uint8Array.of(0, 1, 2) };
      const id = store.write((writer) => addResult(writer, made(benchmark), scores));
      expect(getResult(store, id)).toEqual({ id, ...made(benchmark) });
      expect(resultScores(store, id)).toEqual(scores);
      const bare = store.write((writer) => addResult(writer, made(benchmark), null));
      expect(resultScores(store, bare)).toBeNull();
      expect(listResults(store).map((one) => one.id)).toEqual([bare, id]);
      store.write((writer) => removeResults(writer, [id]));
      expect(listResults(store, benchmark).map((one) => one.id)).toEqual([bare]);
    });
  });

  it('outlive their benchmark, under the name that it had last', () => {
    inStore((store) => {
      const benchmark = benchmarkOf(store);
      const id = store.write((writer) => addResult(writer, made(benchmark), null));
      store.write((writer) => removeBenchmark(writer, benchmark));
      expect(getResult(store, id)?.benchmark).toEqual({ ...made(1).benchmark, id: null });
      expect(allResults(store, null, false)[0]?.outdated).toBe(false);
    });
  });

  it('are outdated by marks and by another list, and no more once the marks are undone', () => {
    inStore((store) => {
      const benchmark = benchmarkOf(store);
      store.write((writer) => addResult(writer, made(benchmark), null));
      const outdated = () => allResults(store, null, false).map((one) => one.outdated);
      expect(outdated()).toEqual([false]);
      const mark = (marked: boolean) =>
        store.write((writer) =>
          record(writer, 'Mark', 1, (recorder) => markPairs(recorder, benchmark, [2], marked, 1)),
        );
      mark(true);
      expect(outdated()).toEqual([true]);
      mark(false);
      expect(outdated()).toEqual([false]);
      store.write((writer) => setBenchmarkFigures(writer, benchmark, counted, hashOf(10)));
      expect(outdated()).toEqual([true]);
    });
  });

  it('are told once of each subject, benchmark, protocol and flip', () => {
    inStore((store) => {
      const benchmark = benchmarkOf(store);
      const flipped = { options: { ...options, flip: true }, protocol: 'standard' } as const;
      for (const more of [{}, { protocol: 'standard' } as const, flipped, {}])
        store.write((writer) => addResult(writer, made(benchmark, more), null));
      expect(allResults(store, null, true).map((one) => one.id)).toEqual([4, 3, 2, 1]);
      expect(allResults(store, benchmark, false).map((one) => one.id)).toEqual([4, 3, 2]);
    });
  });
});

describe('what is left to measure', () => {
  const measured = { subject, parts: [], versions: [] };
  const left = (store: Store, benchmark: number, more: object, since = 100) => {
    const stored = getBenchmark(store, benchmark);
    const wish = evaluationWish.parse({ models: ['net'], benchmarks: [benchmark], ...more });
    const { measurements, known } = planned(store, wish, [measured], stored ? [stored] : [], since);
    return [measurements.map(({ protocol, options: { flip } }) => `${protocol}${flip ? '+' : ''}`), known];
  };

  it('is what no measurement with the same options and marks is of', () => {
    inStore((store) => {
      const benchmark = benchmarkOf(store);
      expect(left(store, benchmark, {})).toEqual([['evolve+', 'facex', 'standard'], 0]);
      store.write((writer) => addResult(writer, made(benchmark), null));
      expect(left(store, benchmark, {})).toEqual([['evolve+', 'standard'], 1]);
      expect(left(store, benchmark, { flip: true })).toEqual([['evolve+', 'standard+'], 1]);
      expect(left(store, benchmark, { protocols: ['facex'], resamples: 200 })).toEqual([['facex'], 0]);
      expect(left(store, benchmark, { protocols: ['facex', 'facex'], leaks: 'exclude' })).toEqual([
        ['facex'],
        0,
      ]);
      store.write((writer) =>
        record(writer, 'Mark', 1, (recorder) => markPairs(recorder, benchmark, [0], true, 1)),
      );
      expect(left(store, benchmark, { protocols: ['facex'] })).toEqual([['facex'], 0]);
      expect(marksHash([0])).not.toBe(marksHash([1]));
    });
  });

  it('is all where it is asked for again, but for what this job measured before it was stopped', () => {
    inStore((store) => {
      const benchmark = benchmarkOf(store);
      store.write((writer) => addResult(writer, made(benchmark), null));
      const wish = { protocols: ['facex'], again: true };
      expect(left(store, benchmark, wish)).toEqual([['facex'], 0]);
      store.write((writer) => addResult(writer, made(benchmark, { createdAt: 101 }), null));
      expect(left(store, benchmark, wish)).toEqual([[], 1]);
    });
  });
});
