import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { upperMedian } from '../../../src/core/heads/median.ts';
import { interpret } from '../../support/reference/interpret.ts';

function medianOf(values: readonly number[]): number | undefined {
  const x = input('x', [values.length, 1]);
  return interpret([upperMedian(x)], { x: values })[0]?.data[0];
}

it.each([
  [[5], 5],
  [[1, 2], 2],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 3],
  [[7, 7, 7, 7], 7],
  [[0, 9, 9, 9, 0, 0], 9],
  [[-1, 1, 1, -1, -1], -1],
])('the median of %j is %d', (values, wanted) => {
  expect(medianOf(values)).toBe(wanted);
});

it('is what sorting gives', () => {
  const random = seededRandom(3);
  for (let n = 1; n < 40; n++) {
    // few different numbers, so that some are equal
    const values = Array.from({ length: n }, () => Math.round(random.normal() * 4));
    expect(medianOf(values)).toBeCloseTo(values.toSorted((a, b) => b - a)[Math.floor((n - 1) / 2)] ?? 0, 12);
  }
});
