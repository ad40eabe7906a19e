import { mixSeeds, seededRandom } from '../../../src/core/base/random.ts';
import type {
  EvaluationOptions,
  EvaluationResult,
  Figure,
  GroupFigures,
  IdentificationFigures,
  LeakCount,
  ProtocolName,
  Subject,
  VerificationFigures,
} from '../../../src/core/contract/evaluations.ts';
import { operatingPoint } from '../../../src/core/metrics/operating-point.ts';
import type { PairScores } from '../../../src/core/metrics/pair-scores.ts';
import { protocols, runProtocol } from '../../../src/core/metrics/protocols.ts';
import { type RankedPairs, rankPairs } from '../../../src/core/metrics/ranked.ts';
import { aucOf, equalError } from '../../../src/core/metrics/separation.ts';
import { tarTable } from '../../../src/core/metrics/tar-at-far.ts';
import { type FakeBenchmark, hasLost } from './fake-benchmarks.ts';

/** Scores drawn from a seed; the figures of them are true ones. */

export interface Scored extends PairScores {
  /** Places in the benchmark's list. */
  readonly places: readonly number[];
  readonly same: Uint8Array;
  readonly scores: Float64Array;
}

const seedOf = (hash: string): number => Number.parseInt(hash.slice(0, 8), 16);

/** 0 … 1: how good a network is. */
function strength({ hash }: Subject): number {
  return 0.35 + 0.65 * seededRandom(mixSeeds(seedOf(hash), 11)).next();
}

/** Pairs with a shared picture, where there is a leak. */
export const isLeaked = (place: number): boolean => place % 23 === 5;

export function scoresOf(
  benchmark: FakeBenchmark,
  subject: Subject,
  protocol: ProtocolName,
  leave: (place: number) => boolean,
): Scored {
  const random = seededRandom(mixSeeds(seedOf(subject.hash), benchmark.info.id));
  const near = 0.3 + 0.32 * strength(subject) - 0.12 * benchmark.difficulty;
  const wide = 0.13 + 0.05 * benchmark.difficulty;
  const slip = protocol === 'facex' ? 0.004 : 0;
  const places: number[] = [];
  const scores: number[] = [];
  const folds: number[] = [];
  benchmark.pairs.forEach((pair, place) => {
    // Drawn for every pair, so that leaving one out changes no other.
    const cosine = pair.same ? near + wide * random.normal() : 0.03 + 0.085 * random.normal();
    const moved = Math.max(-1, Math.min(1, cosine + slip * random.normal()));
    if (hasLost(pair) || leave(place)) return;
    places.push(place);
    folds.push(pair.fold);
    scores.push(protocol === 'evolve' ? 2 - 2 * moved : moved);
  });
  return {
    ...{ places, scores: Float64Array.from(scores), folds },
    same: Uint8Array.from(places, (place) => (benchmark.pairs[place]?.same ? 1 : 0)),
  };
}

export function rankedOf(scored: Scored, protocol: ProtocolName): RankedPairs {
  return rankPairs(scored, protocols[protocol].score);
}

/** By the normal approximation: nothing is drawn again here. */
function figure(value: number, error: number): Figure {
  return { value, low: Math.max(0, value - 1.96 * error), high: Math.min(1, value + 1.96 * error) };
}

const spread = (rate: number, many: number): number => Math.sqrt((rate * (1 - rate)) / Math.max(1, many));

function verification(scored: Scored, protocol: ProtocolName): VerificationFigures {
  const ranked = rankedOf(scored, protocol);
  const result = runProtocol(protocol, scored);
  const error = equalError(ranked)?.rate ?? 0.5;
  return {
    accuracy: figure(result.accuracy ?? 0, result.standardError ?? 0),
    ...{ deviation: result.deviation ?? 0, standardError: result.standardError ?? 0 },
    ...{ threshold: result.threshold ?? 0, resampled: 'identities' },
    folds: result.folds.map(({ pairs, accuracy, threshold }) => ({ pairs, accuracy, threshold })),
    auc: figure(aucOf(ranked) ?? 0.5, spread(aucOf(ranked) ?? 0.5, ranked.same.length)),
    eer: figure(error, spread(error, ranked.same.length)),
    tar: tarTable(ranked).map(({ tar }) =>
      tar === null ? null : figure(tar, spread(tar, ranked.same.length)),
    ),
  };
}

function groupFigures(
  benchmark: FakeBenchmark,
  scored: Scored,
  protocol: ProtocolName,
  threshold: number,
): GroupFigures[] {
  return benchmark.info.groups.flatMap((group) => {
    const kept = scored.places.flatMap((place, i) => (benchmark.pairs[place]?.group === group ? [i] : []));
    if (kept.length === 0) return [];
    const part: PairScores = {
      scores: kept.map((i) => scored.scores[i] ?? 0),
      same: kept.map((i) => scored.same[i] ?? 0),
    };
    const ranked = rankPairs(part, protocols[protocol].score);
    const at = operatingPoint(ranked, threshold);
    const own = runProtocol(protocol, part);
    return [
      {
        ...{ group, pairs: kept.length, accuracy: at.accuracy ?? 0, fmr: at.far },
        fnmr: at.tar === null ? null : 1 - at.tar,
        ...{ ownThreshold: own.threshold ?? threshold, ownAccuracy: own.accuracy ?? 0 },
      },
    ];
  });
}

function identification(benchmark: FakeBenchmark, subject: Subject): IdentificationFigures {
  const first = 0.45 + 0.5 * strength(subject) - 0.2 * benchmark.difficulty;
  const ranks = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];
  const fars = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
  return {
    cmc: ranks.map((rank) => [rank, 1 - (1 - first) * rank ** -0.35] as const),
    ...{ probes: 3530, gallery: 1_000_000 },
    dir: fars.map((far, i) => [far, i > 4 ? null : Math.max(0, first - 0.09 * i)] as const),
    tar: fars.map((far, i) => [far, i > 4 ? null : Math.max(0, 1 - 0.04 * (i + 1) ** 1.6)] as const),
  };
}

export interface Measuring {
  readonly id: number;
  readonly at: number;
  readonly benchmark: FakeBenchmark;
  readonly subject: Subject;
  readonly protocol: ProtocolName;
  readonly options: EvaluationOptions;
  readonly leak: LeakCount | null;
}

/** Pairs that a measurement leaves out, whatever has no crop besides. */
export function leftOut({ benchmark, options, leak }: Pick<Measuring, 'benchmark' | 'options' | 'leak'>) {
  const shared = options.leaks === 'exclude' && leak !== null && leak.pairs > 0;
  const marked = new Set(benchmark.marked);
  return (place: number): boolean => marked.has(place) || (shared && isLeaked(place));
}

export function measured(wish: Measuring): EvaluationResult {
  const { benchmark, subject, protocol, leak } = wish;
  const leave = leftOut(wish);
  const scored = scoresOf(benchmark, subject, protocol, leave);
  const { info } = benchmark;
  const identifies = info.kind !== 'verification';
  const figures = identifies ? null : verification(scored, protocol);
  const leaked = benchmark.pairs.filter((_, i) => leave(i) && !benchmark.marked.has(i)).length;
  const whole =
    leaked + benchmark.marked.size === 0 || identifies
      ? null
      : runProtocol(
          protocol,
          scoresOf(benchmark, subject, protocol, () => false),
        ).accuracy;
  return {
    ...{ id: wish.id, subject, protocol, options: wish.options, createdAt: wish.at },
    benchmark: { id: info.id, name: info.name, hash: info.hash ?? '', kind: info.kind },
    ...{ pairs: scored.places.length, lost: info.lostPairs, marked: benchmark.marked.size, leaked },
    verification: figures,
    groups: figures === null ? [] : groupFigures(benchmark, scored, protocol, figures.threshold),
    identification: identifies ? identification(benchmark, subject) : null,
    ...{ withAll: whole, leak, seconds: 12.4, embedded: info.images, outdated: false },
  };
}
