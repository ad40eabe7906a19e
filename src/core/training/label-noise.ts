import { robustNormal } from './class-centres.ts';

/**
 * What similarities say of names. Three distributions are told apart: of pictures to their own class without them, to
 * the nearest other class, and to a class drawn by chance. A picture under a wrong name is to that name's class what
 * it is to any: similarities to the own class are a mixture of those of right names and those of strangers.
 */

export interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

export interface NoiseModel {
  /** Of a picture to the rest of its class. */
  readonly own: Normal;
  /** To the nearest other class. */
  readonly next: Normal;
  /** To another class drawn by chance. */
  readonly stranger: Normal;
  /** Share of names that are wrong, as the mixture says. */
  readonly wrong: number;
}

/** What a picture's similarities are compared with. */
export interface CleaningLimits {
  /** A picture that is less like its own class is left out. */
  readonly dropBelow: number;
  /** A picture is given to another class that it is at least so like … */
  readonly relabelAbove: number;
  /** … and at least so much more like than its own. */
  readonly margin: number;
  /** Two classes are proposed to be one where the pictures of each are so like the other, at the mean. */
  readonly mergeAbove: number;
}

/** Similarities [n] as the models of noise need them; NaN is left out. */
export interface Similarities {
  readonly own: Float32Array;
  readonly next: Float32Array;
  readonly stranger: Float32Array;
}

/** Least deviation: what is told of a handful of pictures, or of copies, must not divide by nothing. */
const leastDeviation = 0.01;
const leastWrong = 0.001;
const mostWrong = 0.5;
const rounds = 60;

export function fitNoise({ own, next, stranger }: Similarities): NoiseModel {
  const normal = (values: ArrayLike<number>): Normal => {
    const { mean, deviation } = robustNormal(values);
    return { mean, deviation: Math.max(leastDeviation, deviation) };
  };
  // The nearest other class of a picture under a wrong name may be the one that it belongs to.
  const right = next.filter((value, i) => value < (own[i] ?? Number.NaN));
  const model = {
    own: normal(own),
    next: normal(right.length > 0 ? right : next),
    stranger: normal(stranger),
  };
  // Expectation and maximisation over the share alone: the medians know the distributions.
  let wrong = 0.05;
  const known = own.filter((value) => !Number.isNaN(value));
  for (let round = 0; round < rounds && known.length > 0; round++) {
    const sum = known.reduce((total, value) => total + sigmoid(strangeOdds({ ...model, wrong }, value)), 0);
    wrong = Math.min(mostWrong, Math.max(leastWrong, sum / known.length));
  }
  return { ...model, wrong };
}

/**
 * The limits that the data speaks for. `dropBelow`: where right and wrong are as likely. `relabelAbove`: where “this is
 * the picture's class” and “this is just the nearest of the others” are. `margin`: half of what lies between a class and
 * the next. `mergeAbove`: nearer than what the next class mostly is, by as much as that.
 */
export function usualLimits(model: NoiseModel): CleaningLimits {
  const { own, next, stranger, wrong } = model;
  const apart = own.mean - stranger.mean;
  const shift = apart > 0 ? (both(own, stranger) * Math.log(wrong / (1 - wrong))) / apart : 0;
  const dropBelow = (own.mean + stranger.mean) / 2 + shift;
  const between = (own.mean * next.deviation + next.mean * own.deviation) / (own.deviation + next.deviation);
  const relabelAbove = Math.max(between, dropBelow);
  const margin = Math.max(0.02, (own.mean - next.mean) / 2);
  return {
    dropBelow: rounded(dropBelow),
    relabelAbove: rounded(relabelAbove),
    margin: rounded(margin),
    mergeAbove: rounded(relabelAbove),
  };
}

/** How certain it is, 0..1, that a name is wrong, by the picture's similarity to that class. */
export function wrongCertainty(model: NoiseModel, own: number): number {
  return sigmoid(strangeOdds(model, own));
}

/** How certain it is, 0..1, that a name is wrong and the nearest other class is the right one. */
export function relabelCertainty(model: NoiseModel, own: number, next: number): number {
  const apart = model.own.mean - model.next.mean;
  const odds = (apart / both(model.own, model.next)) * (next - (model.own.mean + model.next.mean) / 2);
  return wrongCertainty(model, own) * sigmoid(odds);
}

/**
 * Logarithm of the odds that a name is wrong. Both distributions are given the same deviation here, so that less alike
 * is always less likely (with two deviations the wider one wins again in the far tail).
 */
function strangeOdds({ own, stranger, wrong }: NoiseModel, value: number): number {
  const apart = Math.max(0, own.mean - stranger.mean);
  const slope = apart / both(own, stranger);
  return Math.log(wrong / (1 - wrong)) - slope * (value - (own.mean + stranger.mean) / 2);
}

/** The mean of two variances. */
const both = (a: Normal, b: Normal): number => (a.deviation ** 2 + b.deviation ** 2) / 2;
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const rounded = (value: number): number => Math.round(Math.min(1, Math.max(-1, value)) * 1000) / 1000;
