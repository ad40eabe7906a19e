import { type Random, seededRandom } from '../../src/core/base/random.ts';
import type { OraclePairs } from './metrics-oracle.ts';

/** Cosines in steps of `grain` (0: of any value), so that many are equal; those of one person lie higher. */
export function drawnPairs(n: number, grain: number, seed: number, gap = 0.3): OraclePairs {
  const random = seededRandom(seed);
  const same = Array.from({ length: n }, () => random.int(2));
  const scores = same.map((one) => {
    const score = Math.max(-1, Math.min(1, 0.1 + one * gap + 0.2 * random.normal()));
    return grain === 0 ? score : Math.round(score / grain) * grain;
  });
  return { scores, same };
}

/** Squared distances of unit vectors with these cosines. */
export const asDistances = ({ scores, same }: OraclePairs): OraclePairs => ({
  scores: scores.map((score) => 2 - 2 * score),
  same,
});

const constant = (n: number): OraclePairs => ({
  scores: Array.from({ length: n }, () => 0.25),
  same: Array.from({ length: n }, (_, i) => i % 2),
});
const oneKind = (kind: number): OraclePairs => {
  const { scores } = drawnPairs(40, 0.05, 21 + kind);
  return { scores, same: scores.map(() => kind) };
};

/** Random and adversarial lists of pairs. */
export const cases: readonly (readonly [what: string, pairs: OraclePairs])[] = [
  ['300 pairs', drawnPairs(300, 0, 1)],
  ['237 pairs with ties in folds of unlike sizes', drawnPairs(237, 0.05, 2)],
  ['60 pairs with few scores', drawnPairs(60, 0.2, 3)],
  ['13 pairs', drawnPairs(13, 0, 4)],
  ['7 pairs, fewer than folds', drawnPairs(7, 0.1, 5)],
  ['2 pairs', { scores: [0.5, 0.25], same: [1, 0] }],
  ['1 pair', { scores: [0.5], same: [1] }],
  ['no pair', { scores: [], same: [] }],
  ['constant scores', constant(40)],
  ['only pairs of one person', oneKind(1)],
  ['only pairs of two people', oneKind(0)],
  ['scores that part the kinds', { scores: [0.1, 0.9, 0.2, 0.8, 0.3, 0.7], same: [0, 1, 0, 1, 0, 1] }],
  ['scores the wrong way round', { scores: [0.9, 0.1, 0.8, 0.2, 0.7, 0.3], same: [0, 1, 0, 1, 0, 1] }],
  [
    'neighbouring doubles',
    { scores: [0.5, 0.5 + 2 ** -53, 0.5, 0.5 + 2 ** -53, 0.5 + 2 ** -52], same: [0, 1, 0, 1, 1] },
  ],
  [
    'scores on the grid of thresholds',
    { scores: [0.7, 0.705, 0.71, 0.695, 0.7, 0.705], same: [1, 0, 1, 0, 0, 1] },
  ],
];

/** [rows, width], of length 1 */
export function unitVectors(rows: number, width: number, random: Random): Float32Array {
  const values = Float32Array.from({ length: rows * width }, () => random.normal());
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * width, (row + 1) * width);
    const length = Math.hypot(...part);
    part.forEach((value, i) => {
      part[i] = value / length;
    });
  }
  return values;
}
