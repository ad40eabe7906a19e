import { countBelow, type RankedPairs, unlikeness, walkTies } from './ranked.ts';
import { between, outside } from './threshold.ts';

/** What happens at one threshold. Shares are null where there are no pairs of that kind. */
export interface OperatingPoint {
  /** In the pairs' own score. */
  readonly threshold: number;
  readonly trueAccepts: number;
  readonly falseAccepts: number;
  readonly positives: number;
  readonly negatives: number;
  readonly tar: number | null;
  readonly far: number | null;
  /** Share of all pairs that is right. */
  readonly accuracy: number | null;
}

export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** True and false accepts at a threshold: pairs that are strictly more alike. Two binary searches. */
export function operatingPoint(ranked: RankedPairs, threshold: number): OperatingPoint {
  const { same, others, kind } = ranked;
  const bar = unlikeness(threshold, kind);
  const [trueAccepts, falseAccepts] = [countBelow(same, bar), countBelow(others, bar)];
  const right = trueAccepts + others.length - falseAccepts;
  return {
    threshold,
    trueAccepts,
    falseAccepts,
    positives: same.length,
    negatives: others.length,
    tar: share(trueAccepts, same.length),
    far: share(falseAccepts, others.length),
    accuracy: share(right, same.length + others.length),
  };
}

/**
 * The threshold with which most of these very pairs are right, the strictest where several are as good: a place to
 * start from, no estimate of accuracy (that is `runProtocol`). Null where there are no pairs.
 */
export function bestOperatingPoint(ranked: RankedPairs): OperatingPoint | null {
  const { kind, others } = ranked;
  let best = others.length; // nothing accepted
  let [low, high] = [Number.NaN, Number.NaN]; // the last accepted and the first refused
  let previous = Number.NaN;
  let accepted = best;
  walkTies(ranked, (tie) => {
    if (accepted > best) [best, low, high] = [accepted, previous, tie.unlike];
    else if (Number.isNaN(previous)) high = tie.unlike;
    accepted += tie.same - tie.others;
    previous = tie.unlike;
    return true;
  });
  if (Number.isNaN(previous)) return null;
  if (accepted > best) [low, high] = [previous, Number.NaN];
  const bar = Number.isNaN(high)
    ? low + outside(low)
    : Number.isNaN(low)
      ? high - outside(high)
      : between(low, high);
  // Where `between` gives an end of its interval, it must be the refused one: the bar itself is never accepted.
  return operatingPoint(ranked, unlikeness(bar === low ? high : bar, kind));
}
