import { assert } from '../base/assert.ts';
import { error } from '../base/errors.ts';
import { type Figure, falseAcceptRates, type VerificationFigures } from '../contract/evaluations.ts';
import { bootstrap, type Interval } from '../metrics/bootstrap.ts';
import { contiguousFolds } from '../metrics/folds.ts';
import type { PairScores } from '../metrics/pair-scores.ts';
import { type ProtocolName, protocols, runProtocol } from '../metrics/protocols.ts';
import { rankPairs } from '../metrics/ranked.ts';
import type { PairIdentities } from '../metrics/resample.ts';
import { aucOf, equalError } from '../metrics/separation.ts';
import { tarTable } from '../metrics/tar-at-far.ts';

/** Pairs of a benchmark in its order, with what decides whether and where they count. */
export interface MeasuredPairs {
  /** In the protocol's own score; NaN where a pair has none. [n] */
  readonly scores: ArrayLike<number>;
  /** 1 where a pair shows one person. [n] */
  readonly same: ArrayLike<number>;
  /** From 0; null where the list has none. [n] */
  readonly folds: ArrayLike<number> | null;
  /** 0 where the pair counts, or why it does not. [n] */
  readonly leftOut: ArrayLike<number>;
  /** The persons of each pair, where all are known: pairs that share people are then drawn together. */
  readonly people: PairIdentities | null;
  /** Pairs that the threshold is chosen on, where the list has its own (LFW's View 1); the others are then one fold. */
  readonly training?: TrainingPairs | null;
}

/** Of each pair what `MeasuredPairs` has. */
export type TrainingPairs = Omit<MeasuredPairs, 'folds' | 'training'>;

const places = (n: number, keep: (i: number) => boolean): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => i).filter(keep);

const picked = (values: ArrayLike<number>, at: Int32Array): Float64Array =>
  Float64Array.from(at, (i) => values[i] ?? Number.NaN);

/** Folds of the whole list, whatever is left out of it; ten contiguous ones where it has not two of its own. */
export function foldsOfList(folds: ArrayLike<number> | null, n: number): ArrayLike<number> {
  const several = folds !== null && Array.prototype.some.call(folds, (fold: number) => fold !== folds[0]);
  return folds !== null && several ? folds : contiguousFolds(n).of;
}

/** The training pairs that count. */
function trainingOf({ training }: MeasuredPairs): {
  readonly training: Pick<PairScores, 'scores' | 'same'> | null;
} {
  if (!training) return { training: null };
  const at = countedPlaces(training);
  return { training: { scores: picked(training.scores, at), same: picked(training.same, at) } };
}

/** The persons of the pairs that count, and of the training pairs after them; null unless all are known. */
function peopleOf({ people, training }: MeasuredPairs, at: Int32Array): PairIdentities | null {
  if (people === null || (training && training.people === null)) return null;
  const also = training ? countedPlaces(training) : new Int32Array();
  const both = (side: 'first' | 'second'): number[] => [
    ...picked(people[side], at),
    ...picked(training?.people?.[side] ?? [], also),
  ];
  return { first: both('first'), second: both('second') };
}

/** The pairs that count, by their places in the list. */
export function countedPlaces({ scores, leftOut }: Pick<MeasuredPairs, 'scores' | 'leftOut'>): Int32Array {
  return places(scores.length, (i) => leftOut[i] === 0);
}

function some(pairs: MeasuredPairs, at: Int32Array): PairScores {
  return {
    scores: picked(pairs.scores, at),
    same: picked(pairs.same, at),
    folds: picked(foldsOfList(pairs.folds, pairs.scores.length), at),
  };
}

function figure(value: number | null, interval: Interval | null): Figure | null {
  return value === null ? null : { value, low: interval?.low ?? value, high: interval?.high ?? value };
}

export interface ResampleOptions {
  readonly resamples: number;
  readonly seed: number;
}

/**
 * What a protocol says of the pairs that count, with 95 % intervals. Errors: `evaluation/one-kind` where all of them
 * show one person, or none does; `evaluation/too-few-pairs`; `metrics/bad-score`.
 */
export function verificationFigures(
  protocol: ProtocolName,
  pairs: MeasuredPairs,
  { resamples, seed }: ResampleOptions,
): VerificationFigures {
  const at = countedPlaces(pairs);
  const counted = some(pairs, at);
  const ranked = rankPairs(counted, protocols[protocol].score);
  const numbers = { same: ranked.same.length, others: ranked.others.length };
  if (numbers.same === 0 || numbers.others === 0) throw error('evaluation/one-kind', numbers);
  const chosenOn = trainingOf(pairs);
  const result = runProtocol(protocol, counted, chosenOn);
  const { accuracy, deviation, standardError, threshold } = result;
  const apart = chosenOn.training !== null;
  if (accuracy === null || threshold === null || (deviation === null && !apart))
    throw error('evaluation/too-few-pairs', { pairs: at.length });
  const around = bootstrap(protocol, counted, {
    ...{ resamples, seed, rates: falseAcceptRates, identities: peopleOf(pairs, at), ...chosenOn },
  });
  const auc = figure(aucOf(ranked), around.auc);
  const eer = figure(equalError(ranked)?.rate ?? null, around.eer);
  const own = figure(accuracy, around.accuracy);
  assert(auc !== null && eer !== null && own !== null, 'both kinds of pairs are there');
  return {
    ...{ accuracy: own, deviation, standardError, threshold, auc, eer },
    folds: result.folds.map(({ pairs: size, accuracy: share, threshold: bar }) => ({
      ...{ pairs: size, accuracy: share, threshold: bar },
    })),
    tar: tarTable(ranked, falseAcceptRates).map(({ tar }, i) => figure(tar, around.tar[i]?.interval ?? null)),
    resampled: around.by,
  };
}

/** Accuracy of every pair that has a score, also of those that are left out for another reason; null where none is. */
export function accuracyWithAll(protocol: ProtocolName, pairs: MeasuredPairs): number | null {
  const scored = places(pairs.scores.length, (i) => !Number.isNaN(pairs.scores[i]));
  if (scored.length === countedPlaces(pairs).length) return null;
  const { training = null } = pairs;
  const trained = training && places(training.scores.length, (i) => !Number.isNaN(training.scores[i]));
  return runProtocol(protocol, some(pairs, scored), {
    training: training &&
      trained && { scores: picked(training.scores, trained), same: picked(training.same, trained) },
  }).accuracy;
}
