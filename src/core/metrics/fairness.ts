import { assert } from '../base/assert.ts';
import { bestOperatingPoint, type OperatingPoint, operatingPoint } from './operating-point.ts';
import { checkPairs, type PairScores, type ScoreKind } from './pair-scores.ts';
import { rankPairs } from './ranked.ts';
import { tarAt } from './tar-at-far.ts';

/** Pairs of several groups of people (for RFW its four). */
export interface GroupedPairs extends PairScores {
  readonly names: readonly string[];
  /** [pairs], numbers of groups; −1 for pairs that belong to none. */
  readonly groups: ArrayLike<number>;
}

/** How the threshold of all groups together, and that of each group, is chosen. */
export type FairnessThreshold =
  | { readonly by: 'accuracy' } // the most accurate on these pairs
  | { readonly by: 'far'; readonly rate: number } // the lowest with no more false matches than this
  | { readonly by: 'fixed'; readonly threshold: number }; // given, for all groups

export interface GroupRates {
  readonly threshold: number | null;
  readonly accuracy: number | null;
  /** False match rate: share of the pairs of two people that are accepted. */
  readonly fmr: number | null;
  /** False non-match rate: share of the pairs of one person that are refused. */
  readonly fnmr: number | null;
}

export interface GroupFairness {
  readonly name: string;
  readonly positives: number;
  readonly negatives: number;
  /** At the threshold of all groups together. */
  readonly global: GroupRates;
  /** At the group's own. */
  readonly own: GroupRates;
}

/** How far groups are apart. Null where fewer than two groups have the figure. */
export interface Gap {
  /** max − min */
  readonly difference: number | null;
  /** max/min; null where the least is 0 and the most is not, 1 where both are 0. */
  readonly ratio: number | null;
  readonly mean: number | null;
  /** Between the groups, n − 1, as RFW's authors report it. */
  readonly deviation: number | null;
  /** The same with n, as others do. */
  readonly populationDeviation: number | null;
}

export interface Gaps {
  readonly accuracy: Gap;
  /** Of 1 − accuracy; its ratio is RFW's skewed error ratio. */
  readonly error: Gap;
  readonly fmr: Gap;
  readonly fnmr: Gap;
}

export interface Fairness {
  readonly threshold: number | null;
  readonly groups: readonly GroupFairness[];
  readonly global: Gaps;
  readonly own: Gaps;
}

/** Errors: `metrics/bad-score` for a score that is no number. */
export function fairness(pairs: GroupedPairs, kind: ScoreKind, choice: FairnessThreshold): Fairness {
  checkPairs(pairs);
  const { scores, same, groups: of, names } = pairs;
  assert(of.length === scores.length, `${of.length} groups for ${scores.length} pairs`);
  const members = names.map((): number[] => []);
  for (let i = 0; i < scores.length; i++) members[of[i] ?? -1]?.push(i);
  const ranked = (list: readonly number[]) =>
    rankPairs({ scores: list.map((i) => scores[i] ?? 0), same: list.map((i) => same[i] ?? 0) }, kind);

  const threshold = chosen(ranked(members.flat()), choice);
  const groups = names.map((name, group): GroupFairness => {
    const own = ranked(members[group] ?? []);
    return {
      name,
      positives: own.same.length,
      negatives: own.others.length,
      global: ratesAt(own, threshold),
      own: ratesAt(own, chosen(own, choice)),
    };
  });
  return {
    threshold,
    groups,
    global: gapsOf(groups.map(({ global }) => global)),
    own: gapsOf(groups.map(({ own }) => own)),
  };
}

type Ranked = ReturnType<typeof rankPairs>;

function chosen(ranked: Ranked, choice: FairnessThreshold): number | null {
  if (choice.by === 'fixed') return choice.threshold;
  if (choice.by === 'far') return tarAt(ranked, choice.rate).threshold;
  return bestOperatingPoint(ranked)?.threshold ?? null;
}

function ratesAt(ranked: Ranked, threshold: number | null): GroupRates {
  if (threshold === null) return { threshold, accuracy: null, fmr: null, fnmr: null };
  const { accuracy, far, positives, trueAccepts }: OperatingPoint = operatingPoint(ranked, threshold);
  const fnmr = positives === 0 ? null : (positives - trueAccepts) / positives;
  return { threshold, accuracy, fmr: far, fnmr };
}

function gapsOf(groups: readonly GroupRates[]): Gaps {
  return {
    accuracy: gapOf(groups.map(({ accuracy }) => accuracy)),
    error: gapOf(groups.map(({ accuracy }) => (accuracy === null ? null : 1 - accuracy))),
    fmr: gapOf(groups.map(({ fmr }) => fmr)),
    fnmr: gapOf(groups.map(({ fnmr }) => fnmr)),
  };
}

/** Of a figure that several groups have: also for accuracies by a protocol's folds, one for each group, as RFW's tables are. */
export function gapOf(figures: readonly (number | null)[]): Gap {
  const values = figures.filter((value) => value !== null);
  const n = values.length;
  if (n < 2) return { difference: null, ratio: null, mean: null, deviation: null, populationDeviation: null };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    difference: most - least,
    ratio: least === 0 ? (most === 0 ? 1 : null) : most / least,
    mean,
    deviation: Math.sqrt(squares / (n - 1)),
    populationDeviation: Math.sqrt(squares / n),
  };
}
