import { type Features, scorePairs } from './features.ts';
import type { PairScores } from './pair-scores.ts';
import { type RankedPairs, walkTies } from './ranked.ts';
import { farRates } from './tar-at-far.ts';
import type { PooledTemplates } from './templates.ts';

/** IJB 1:1: pairs of templates and whether they are of one person. */
export interface TemplatePairs {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly same: ArrayLike<number>;
}

/** Places of templates among the pooled ones; null names the first that is not there. */
export function templateRows(
  { templates }: PooledTemplates,
  wanted: ArrayLike<number>,
): { readonly rows: Uint32Array } | { readonly missing: number } {
  const places = new Map(templates.map((template, place) => [template, place]));
  const rows = new Uint32Array(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const template = wanted[i] ?? 0;
    const place = places.get(template);
    if (place === undefined) return { missing: template };
    rows[i] = place;
  }
  return { rows };
}

/** Cosines of template pairs, by rows of the pooled features. */
export function templateScores(
  features: Features,
  { first, second, same }: TemplatePairs,
): Pick<PairScores, 'scores' | 'same'> {
  return { scores: scorePairs(features, first, second, 'cosine'), same };
}

export interface NearestTpr {
  readonly rate: number;
  /** Null where one kind of pairs is missing. */
  readonly tpr: number | null;
  /** The share of false positives that was nearest to the rate: above or below it. */
  readonly fpr: number | null;
}

/**
 * TPR at the FPR that is nearest to each rate, as FaceX-Zoo and InsightFace report IJB; of two equally near ones the
 * larger, and there the largest TPR. The curve is scikit-learn's: points in the middle of three at equal steps are left
 * out. Unlike `tarAt`, the FPR may be above the rate, and rates too small to measure get the figure of the nearest one.
 */
export function nearestTpr(ranked: RankedPairs, rates: readonly number[] = farRates): readonly NearestTpr[] {
  const [positives, negatives] = [ranked.same.length, ranked.others.length];
  if (positives === 0 || negatives === 0) return rates.map((rate) => ({ rate, tpr: null, fpr: null }));
  const best = rates.map((rate) => ({ rate, tpr: 0, fpr: 0, away: rate })); // from the point (0, 0)
  const visit = (right: number, wrong: number): void => {
    const [tpr, fpr] = [right / positives, wrong / negatives];
    best.forEach((one, i) => {
      const away = Math.abs(fpr - one.rate);
      // Points come with growing shares: of equally near ones the last stays.
      if (away <= one.away) best[i] = { rate: one.rate, tpr, fpr, away };
    });
  };
  // A point is known to be in the middle only when the next one is there.
  let before: { readonly same: number; readonly others: number } | null = null;
  walkTies(ranked, (tie) => {
    const middle = before !== null && before.same === tie.same && before.others === tie.others;
    if (tie.sameBefore + tie.othersBefore > 0 && !middle) visit(tie.sameBefore, tie.othersBefore);
    // The step to the first point is from nothing, which scikit-learn adds afterwards: it is no neighbour.
    before = tie.sameBefore + tie.othersBefore > 0 ? tie : null;
    return true;
  });
  visit(positives, negatives);
  return best.map(({ rate, tpr, fpr }) => ({ rate, tpr, fpr }));
}
