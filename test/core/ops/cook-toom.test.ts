import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { fastFilter } from '../../../src/core/ops/cook-toom.ts';

const times = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, entry, i) => sum + entry * (vector[i] ?? Number.NaN), 0));

it.each<[number, number, readonly number[]]>([
  [2, 3, [0, 1, -1]],
  [4, 3, [0, 1, -1, 0.5, -2]],
  [3, 2, [0, 1, -1]],
  [1, 3, [0, 1]],
])('%d sums of %d products, by points %j: are the sums', (outputs, taps, points) => {
  const { size, after, filter, before } = fastFilter(outputs, taps, points);
  const random = seededRandom(2);
  const g = Array.from({ length: taps }, random.normal);
  const d = Array.from({ length: size }, random.normal);
  expect(size).toBe(outputs + taps - 1);
  const [left, right] = [times(filter, g), times(before, d)];
  const y = times(
    after,
    left.map((value, i) => value * (right[i] ?? Number.NaN)),
  );
  expect(y).toHaveLength(outputs);
  y.forEach((value, i) => {
    expect(value).toBeCloseTo(
      g.reduce((sum, tap, j) => sum + tap * (d[i + j] ?? Number.NaN), 0),
      10,
    );
  });
});
