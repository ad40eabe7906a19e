import { error } from '../../core/base/errors.ts';
import { protocols } from '../../core/metrics/protocols.ts';
import { type RankedPairs, rankPairs, unlikeness } from '../../core/metrics/ranked.ts';
import { countedPlaces } from '../../core/report/verification-figures.ts';
import { benchmarkPairs, type StoredPairs } from '../store/benchmark-lists.ts';
import { getBenchmark } from '../store/benchmarks.ts';
import type { Store } from '../store/database.ts';
import { resultScores, type StoredResult } from '../store/evaluations.ts';
import { requireResult } from './evaluation-results.ts';

/** The scores of a measurement, made ready for thresholds and failures. */
export interface OpenScores {
  readonly result: StoredResult;
  readonly pairs: StoredPairs;
  /** In the protocol's own score, by pair; NaN where there is none. [n] */
  readonly scores: Float32Array;
  /** 0 where a pair counts. [n] */
  readonly leftOut: Uint8Array;
  readonly ranked: RankedPairs;
  /** Counted pairs of two people, the most alike first: a threshold's false accepts are the first of them. */
  readonly others: Int32Array;
  /** Counted pairs of one person, the least alike first: a threshold's false rejects are the first of them. */
  readonly same: Int32Array;
}

/** Opens measurements' scores; the last few stay open, since a threshold that is moved asks again and again. */
export interface ScoreShelf {
  /** Errors: `evaluation/unknown`, `evaluation/no-pairs`. */
  open(id: number): OpenScores;
}

const kept = 8;

export function openScores(store: Store): ScoreShelf {
  const opened = new Map<number, OpenScores>();
  const read = (id: number): OpenScores => {
    const result = requireResult(store, id);
    const { benchmark, protocol } = result;
    const stored = resultScores(store, id);
    // A list that is another one since has other pairs at these places.
    const now = benchmark.id === null ? null : getBenchmark(store, benchmark.id);
    const pairs = now?.hash === benchmark.hash && now !== null ? benchmarkPairs(store, now.id) : null;
    if (stored === null || pairs === null || pairs.same.length !== stored.scores.length)
      throw error('evaluation/no-pairs', { name: benchmark.name });
    const { kind } = { kind: protocols[protocol].score };
    const at = countedPlaces(stored);
    const unlike = stored.scores.map((score) => unlikeness(score, kind));
    const by = (a: number, b: number): number => (unlike[a] ?? 0) - (unlike[b] ?? 0) || a - b;
    const ranked = rankPairs(
      {
        scores: Array.from(at, (i) => stored.scores[i] ?? 0),
        same: Array.from(at, (i) => pairs.same[i] ?? 0),
      },
      kind,
    );
    return {
      ...{ result, pairs, ranked, ...stored },
      others: at.filter((i) => pairs.same[i] !== 1).sort(by),
      same: at.filter((i) => pairs.same[i] === 1).sort((a, b) => -by(a, b)),
    };
  };
  return {
    open: (id) => {
      const known = opened.get(id);
      const open = known ?? read(id);
      opened.delete(id);
      opened.set(id, open); // the last that was used goes last
      for (const old of [...opened.keys()].slice(0, -kept)) opened.delete(old);
      return open;
    },
  };
}
