import { type RankedPairs, unlikeness, walkTies } from './ranked.ts';
import { outside } from './threshold.ts';

/**
 * Shares of accepted pairs at every threshold that tells pairs apart, from nothing accepted (0, 0) to everything (1, 1).
 * At thresholds[i] (in the pairs' own score, accepted strictly above) `operatingPoint` gives just point i.
 */
export interface RocCurve {
  readonly far: Float64Array;
  readonly tar: Float64Array;
  readonly thresholds: Float64Array;
}

/** The same with the share of refused pairs of one person (detection error trade-off, Martin et al. 1997). */
export interface DetCurve {
  readonly far: Float64Array;
  readonly frr: Float64Array;
  readonly thresholds: Float64Array;
}

/** Null where one kind of pairs is missing. */
export function rocCurve(ranked: RankedPairs): RocCurve | null {
  const counted = countCurve(ranked);
  if (counted === null) return null;
  const { accepts, falseAccepts, thresholds } = counted;
  return {
    far: falseAccepts.map((count) => count / ranked.others.length),
    tar: accepts.map((count) => count / ranked.same.length),
    thresholds,
  };
}

/** Null where one kind of pairs is missing. */
export function detCurve(ranked: RankedPairs): DetCurve | null {
  const counted = countCurve(ranked);
  if (counted === null) return null;
  const { accepts, falseAccepts, thresholds } = counted;
  const positives = ranked.same.length;
  return {
    far: falseAccepts.map((count) => count / ranked.others.length),
    frr: accepts.map((count) => (positives - count) / positives),
    thresholds,
  };
}

interface CountCurve {
  readonly accepts: Float64Array;
  readonly falseAccepts: Float64Array;
  readonly thresholds: Float64Array;
}

function countCurve(ranked: RankedPairs): CountCurve | null {
  const [positives, negatives] = [ranked.same.length, ranked.others.length];
  if (positives === 0 || negatives === 0) return null;
  const most = positives + negatives + 1;
  const accepts = new Float64Array(most);
  const falseAccepts = new Float64Array(most);
  const thresholds = new Float64Array(most);
  let count = 0;
  let last = 0;
  walkTies(ranked, (tie) => {
    accepts[count] = tie.sameBefore;
    falseAccepts[count] = tie.othersBefore;
    thresholds[count] = unlikeness(tie.unlike, ranked.kind);
    last = tie.unlike;
    count++;
    return true;
  });
  accepts[count] = positives;
  falseAccepts[count] = negatives;
  thresholds[count] = unlikeness(last + outside(last), ranked.kind);
  count++;
  return {
    accepts: accepts.slice(0, count),
    falseAccepts: falseAccepts.slice(0, count),
    thresholds: thresholds.slice(0, count),
  };
}
