import { assert } from '../base/assert.ts';
import { mixSeeds } from '../base/random.ts';
import type { FoldSums } from './fold-right.ts';
import { foldsOf } from './folds.ts';
import type { PairScores } from './pair-scores.ts';
import {
  type ProtocolName,
  type ProtocolOptions,
  protocolSums,
  protocols,
  withTraining,
} from './protocols.ts';
import { type PairIdentities, resampleIdentities, resamplePairs } from './resample.ts';
import { allowedAccepts, farRates } from './tar-at-far.ts';
import { weightedRates } from './weighted-rates.ts';

/** Between which values a figure lies in the middle `level` of all resamples. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions extends ProtocolOptions {
  /** 1,000 if not said. */
  readonly resamples?: number;
  readonly seed?: number;
  /** 0.95 if not said. */
  readonly level?: number;
  /** FAR at which TAR is read; `farRates` if not said. */
  readonly rates?: readonly number[];
  /**
   * Draws persons where they are known, since pairs that share people are not independent; otherwise pairs. Of the pairs
   * to choose a threshold on too, after the others.
   */
  readonly identities?: PairIdentities | null;
}

export interface TarInterval {
  readonly rate: number;
  /** Null where the rate is not measurable (`tarAt`). */
  readonly interval: Interval | null;
}

export interface BootstrapResult {
  readonly by: 'pairs' | 'identities';
  readonly resamples: number;
  readonly level: number;
  /** Null where no resample has a figure. */
  readonly accuracy: Interval | null;
  readonly auc: Interval | null;
  readonly eer: Interval | null;
  readonly tar: readonly TarInterval[];
}

/**
 * Percentile intervals (Efron 1979) of a protocol's figures. Every resample chooses its thresholds anew on its own
 * training folds. The same seed draws the same pairs whatever the scores, so that models can be compared.
 * Errors: `metrics/bad-score` for a score that is no number.
 */
export function bootstrap(
  name: ProtocolName,
  pairs: PairScores,
  {
    resamples = 1000,
    seed = 1,
    level = 0.95,
    rates = farRates,
    identities = null,
    ...options
  }: BootstrapOptions = {},
): BootstrapResult {
  assert(resamples >= 1 && level > 0 && level < 1, `${resamples} resamples, the middle ${level}`);
  const n = pairs.scores.length;
  const all = withTraining(pairs, options);
  const sumsOf = protocolSums(name, pairs, options);
  const ratesOf = weightedRates(pairs, protocols[name].score, rates);
  const resample = identities ? resampleIdentities(identities) : resamplePairs(foldsOf(all, options.folds));
  const weights = new Int32Array(all.scores.length);
  const column = (): Float64Array => new Float64Array(resamples);
  const [accuracy, auc, eer] = [column(), column(), column()];
  const tar = rates.map(column);
  for (let i = 0; i < resamples; i++) {
    resample(mixSeeds(seed, i), weights);
    accuracy[i] = meanAccuracy(sumsOf(weights));
    const read = ratesOf(weights);
    auc[i] = read.auc;
    eer[i] = read.eer;
    tar.forEach((values, rate) => {
      values[i] = read.tar[rate] ?? Number.NaN;
    });
  }
  let negatives = 0;
  for (let pair = 0; pair < n; pair++) if (pairs.same[pair] !== 1) negatives++;
  return {
    by: identities ? 'identities' : 'pairs',
    resamples,
    level,
    accuracy: middle(accuracy, level),
    auc: middle(auc, level),
    eer: middle(eer, level),
    tar: rates.map((rate, i) => ({
      rate,
      interval: allowedAccepts(rate, negatives) < 1 ? null : middle(tar[i] ?? column(), level),
    })),
  };
}

/** As `runProtocol` has it: the mean over folds that have a figure. */
function meanAccuracy({ rights, totals, thresholds }: FoldSums): number {
  let [sum, count] = [0, 0];
  for (let fold = 0; fold < totals.length; fold++) {
    const total = totals[fold] ?? 0;
    if (total === 0 || Number.isNaN(thresholds[fold])) continue;
    sum += (rights[fold] ?? 0) / total;
    count++;
  }
  return sum / count; // NaN where there is none
}

/** The quantiles that leave out as much below as above; resamples without a figure do not count. */
function middle(values: Float64Array, level: number): Interval | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** Between the two nearest of `sorted`, linearly (the usual definition of NumPy and R, type 7). */
export function quantile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [
    sorted[below] ?? Number.NaN,
    sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN,
  ];
  return low + (place - below) * (high - low);
}
