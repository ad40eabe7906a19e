/** Verification figures by their definitions: every threshold on every pair, plain loops in double precision. */

export interface OraclePairs {
  readonly scores: readonly number[];
  readonly same: readonly number[];
}

export interface OracleFold {
  readonly accuracy: number | null;
  readonly threshold: number | null;
}

type Rule = (score: number, same: boolean, threshold: number) => boolean;

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
const firstMost = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** scikit-learn's KFold without shuffling: the first n mod k folds have one more. */
export function oracleFolds(n: number, k = 10): number[] {
  const parts = Math.min(n, k);
  const sizes = indices(parts).map((fold) => Math.floor(n / parts) + (fold < n % parts ? 1 : 0));
  return sizes.flatMap((size, fold) => Array.from({ length: size }, () => fold));
}

export const oracleRules: Readonly<Record<'evolve' | 'facex' | 'standard', Rule>> = {
  evolve: (score, same, threshold) => (score < threshold ? same : !same),
  facex: (score, same, threshold) => (same ? score > threshold : score < threshold),
  standard: (score, same, threshold) => (score > threshold ? same : !same),
};

const choose: Readonly<Record<'evolve' | 'facex' | 'standard', (pairs: OraclePairs) => number>> = {
  evolve: (pairs) => {
    const thresholds = indices(400).map((i) => i * 0.01);
    return thresholds[firstMost(thresholds.map((t) => accuracy(pairs, oracleRules.evolve, t)))] ?? Number.NaN;
  },
  facex: ({ scores, same }) => {
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    const step = (high - low) / 1000;
    const thresholds = indices(1000).map((i) => low + step * (i + 1));
    const rate = (kind: number, t: number): number => {
      const own = scores.filter((_, i) => same[i] === kind);
      return own.length === 0 ? 0 : own.filter((score) => score > t).length / own.length;
    };
    return thresholds[firstMost(thresholds.map((t) => rate(1, t) - rate(0, t)))] ?? Number.NaN;
  },
  standard: (pairs) => {
    const values = distinct(pairs.scores);
    const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
    const thresholds = [
      first - 1e-6 * Math.max(1, Math.abs(first)),
      ...values.slice(1).map((high, i) => {
        const low = values[i] ?? 0;
        return (low + high) / 2 < high ? (low + high) / 2 : low;
      }),
      last + 1e-6 * Math.max(1, Math.abs(last)),
    ];
    return (
      thresholds[firstMost(thresholds.map((t) => accuracy(pairs, oracleRules.standard, t)))] ?? Number.NaN
    );
  },
};

function accuracy({ scores, same }: OraclePairs, rule: Rule, threshold: number): number {
  return scores.filter((score, i) => rule(score, same[i] === 1, threshold)).length / scores.length;
}

const only = ({ scores, same }: OraclePairs, kept: (i: number) => boolean): OraclePairs => ({
  scores: scores.filter((_, i) => kept(i)),
  same: same.filter((_, i) => kept(i)),
});

/** Each fold by the threshold chosen on all others. */
export function oracleProtocol(
  name: keyof typeof choose,
  pairs: OraclePairs,
  folds: readonly number[],
): OracleFold[] {
  return indices(folds.length === 0 ? 0 : Math.max(...folds) + 1).map((fold) => {
    const training = only(pairs, (i) => folds[i] !== fold);
    const test = only(pairs, (i) => folds[i] === fold);
    const threshold = training.scores.length === 0 ? null : choose[name](training);
    const known = threshold !== null && test.scores.length > 0;
    return { threshold, accuracy: known ? accuracy(test, oracleRules[name], threshold) : null };
  });
}

/** Mean, standard deviation with n − 1, and that over √n. */
export function oracleMean(values: readonly number[]): { mean: number; deviation: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(
    values.map((value) => (value - mean) ** 2).reduce((a, b) => a + b, 0) / (values.length - 1),
  );
  return { mean, deviation, error: deviation / Math.sqrt(values.length) };
}

/** FAR and TAR (accepted: strictly above) at every threshold that there is, from the strictest on. */
export function oraclePoints({ scores, same }: OraclePairs): { t: number; far: number; tar: number }[] {
  const own = scores.filter((_, i) => same[i] === 1);
  const other = scores.filter((_, i) => same[i] !== 1);
  const above = (list: readonly number[], t: number): number =>
    list.filter((score) => score > t).length / list.length;
  return [...distinct(scores).reverse(), Number.NEGATIVE_INFINITY].map((t) => ({
    t,
    far: above(other, t),
    tar: above(own, t),
  }));
}

/** The largest TAR with a FAR of at most `rate`; null below one pair of two people. */
export function oracleTar(pairs: OraclePairs, rate: number): number | null {
  const negatives = pairs.same.filter((one) => one !== 1).length;
  const positives = pairs.same.length - negatives;
  if (positives === 0 || negatives === 0 || 1 / negatives > rate) return null;
  return Math.max(
    ...oraclePoints(pairs)
      .filter(({ far }) => far <= rate)
      .map(({ tar }) => tar),
  );
}

/** Share of the couples of a positive and a negative pair that are in the right order, equals counted half. */
export function oracleAuc({ scores, same }: OraclePairs): number | null {
  const own = scores.filter((_, i) => same[i] === 1);
  const other = scores.filter((_, i) => same[i] !== 1);
  if (own.length === 0 || other.length === 0) return null;
  let sum = 0;
  for (const a of own) for (const b of other) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / (own.length * other.length);
}

/** Where FAR = FRR on the straight lines between the points, found by halving. */
export function oracleEer(pairs: OraclePairs): number | null {
  if (oracleAuc(pairs) === null) return null;
  const points = oraclePoints(pairs);
  const at = (place: number): { far: number; frr: number } => {
    const i = Math.min(points.length - 2, Math.floor(place));
    const [a, b] = [points[i], points[i + 1]];
    if (!a || !b) throw new Error('at least two points');
    const t = place - i;
    return { far: a.far + t * (b.far - a.far), frr: 1 - (a.tar + t * (b.tar - a.tar)) };
  };
  let [low, high] = [0, points.length - 1];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    const { far, frr } = at(middle);
    if (far < frr) low = middle;
    else high = middle;
  }
  return at(high).far;
}
