import { ascending } from '../metrics/order.ts';
import type { ScoredPairs } from '../metrics/verification.ts';

/** A point of a curve of true over false accepts. */
export type RocPoint = readonly [far: number, tar: number];

/**
 * Shares of the same-person pairs and of the others that are accepted, at every threshold from the highest score down:
 * from [0, 0] to [1, 1], both ascending. Points in the middle of straight stretches are left out.
 */
export function rocPoints({ scores, same }: ScoredPairs): RocPoint[] {
  const order = ascending(scores).reverse();
  const positives = order.filter((i) => same[i] === 1).length;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return [];
  const counts: (readonly [number, number])[] = [[0, 0]];
  let [wrong, right] = [0, 0];
  order.forEach((pair, i) => {
    if (same[pair] === 1) right++;
    else wrong++;
    const next = order[i + 1];
    if (next === undefined || scores[next] !== scores[pair]) counts.push([wrong, right]);
  });
  return counts
    .filter((point, i) => !isBetween(counts[i - 1], point, counts[i + 1]))
    .map(([far, tar]) => [far / negatives, tar / positives]);
}

type Counts = readonly [number, number];

/** On the line between its neighbours, by whole numbers. */
function isBetween(before: Counts | undefined, [x, y]: Counts, after: Counts | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return (x - before[0]) * (after[1] - y) === (after[0] - x) * (y - before[1]);
}

/** At most `most` points of a curve: the first and the last, and others at even distances along it. */
export function thinned(points: readonly RocPoint[], most: number): readonly RocPoint[] {
  if (points.length <= most) return points;
  return Array.from(
    { length: most },
    (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))] ?? [0, 0],
  );
}
