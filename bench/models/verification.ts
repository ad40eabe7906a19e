/** Two crops, by number, and whether they show one person. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
}

export interface Verification {
  /** Mean over the folds, per cent. */
  readonly accuracy: number;
  /** Standard error of that mean: standard deviation (n − 1) / √folds, per cent. */
  readonly error: number;
  /** Cosine with the best accuracy over all pairs. */
  readonly threshold: number;
}

interface Scored {
  readonly score: number;
  readonly same: boolean;
}

/** Folds over the pairs in their order; each fold's threshold is the best of the other folds (spec §1.7). */
export function verify(
  pairs: readonly Pair[],
  vectors: readonly Float32Array[],
  folds: number,
): Verification {
  const scored = pairs.map(({ a, b, same }): Scored => ({ score: cosine(vectors[a], vectors[b]), same }));
  const accuracies = Array.from({ length: folds }, (_, fold) => {
    const isTest = (_pair: Scored, i: number): boolean => i % folds === fold;
    const threshold = bestThreshold(scored.filter((pair, i) => !isTest(pair, i)));
    const test = scored.filter(isTest);
    const right = test.filter(({ score, same }) => score >= threshold === same).length;
    return (100 * right) / test.length;
  });
  const accuracy = accuracies.reduce((sum, value) => sum + value, 0) / folds;
  const squares = accuracies.reduce((sum, value) => sum + (value - accuracy) ** 2, 0);
  return { accuracy, error: Math.sqrt(squares / (folds - 1) / folds), threshold: bestThreshold(scored) };
}

/** Vectors have length 1. */
function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  a?.forEach((value, i) => {
    sum += value * (b?.[i] ?? 0);
  });
  return sum;
}

/** The score with most pairs on their right side, taken in the middle between its neighbours. */
function bestThreshold(scored: readonly Scored[]): number {
  const descending = scored.toSorted((p, q) => q.score - p.score);
  let right = scored.filter(({ same }) => !same).length;
  let best = { right, threshold: 1 };
  descending.forEach(({ score, same }, i) => {
    right += same ? 1 : -1;
    const next = descending[i + 1]?.score ?? -1;
    if (right > best.right && next < score) best = { right, threshold: (score + next) / 2 };
  });
  return best.threshold;
}
