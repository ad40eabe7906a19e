import type { FoldedPairs, ProtocolRule } from './fold-chooser.ts';
import { signOf } from './pair-scores.ts';

/** What is right in every fold, by weight. The arrays are [folds] and written anew at the next call. */
export interface FoldSums {
  readonly rights: Float64Array;
  readonly totals: Float64Array;
  readonly thresholds: Float64Array;
}

/** Prepares the pairs once; the result answers for any weights of the pairs (how often a bootstrap drew each). */
export function foldSums(pairs: FoldedPairs, rule: ProtocolRule): (weights: Int32Array) => FoldSums {
  const choose = rule.chooser(pairs);
  const { count } = pairs.folds;
  const sums: FoldSums = {
    rights: new Float64Array(count),
    totals: new Float64Array(count),
    thresholds: new Float64Array(count),
  };
  return (weights) => {
    choose(weights, sums.thresholds);
    countRight(pairs, weights, rule, sums);
    return sums;
  };
}

/** Counts every fold by its threshold. Folds mostly come in one piece, so their sums stay at hand. */
function countRight(
  { scores, same, folds: { of } }: FoldedPairs,
  weights: Int32Array,
  { kind, tiesWrong }: ProtocolRule,
  { rights, totals, thresholds }: FoldSums,
): void {
  rights.fill(0);
  totals.fill(0);
  const sign = signOf(kind);
  for (let i = 0; i < scores.length; ) {
    const fold = of[i] ?? 0;
    const threshold = thresholds[fold] ?? 0;
    let right = 0;
    let total = 0;
    for (; i < scores.length && of[i] === fold; i++) {
      const weight = weights[i] ?? 0;
      const above = sign * ((scores[i] ?? 0) - threshold);
      total += weight;
      if (same[i] === 1 ? above > 0 : tiesWrong ? above < 0 : above <= 0) right += weight;
    }
    rights[fold] = (rights[fold] ?? 0) + right;
    totals[fold] = (totals[fold] ?? 0) + total;
  }
}
