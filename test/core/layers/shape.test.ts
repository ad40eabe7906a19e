import { expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { range } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { channels, maxFeatureMap, shuffleChannels } from '../../../src/core/layers/shape.ts';
import { interpret } from '../../support/reference/interpret.ts';

const x = input('x', [1, 6, 1, 2]);
const computed = (value: Value, data: readonly number[]): number[] => [
  ...(interpret([value], { x: data })[0]?.data ?? []),
];
/** Channel 3 has the numbers 30 and 31. */
const numbered = range(6).flatMap((channel) => [10 * channel, 10 * channel + 1]);

it('picks channels', () => {
  expect(computed(channels(x, 2, 4), numbered)).toEqual([20, 21, 30, 31]);
  expect(channels(x, 0, 6)).toBe(x);
});

it('shuffles channels: the first of every group, then the second', () => {
  expect(computed(shuffleChannels(x, 2), numbered)).toEqual([0, 1, 30, 31, 10, 11, 40, 41, 20, 21, 50, 51]);
  // as many groups as there were channels in a group put them back
  expect(computed(shuffleChannels(shuffleChannels(x, 2), 3), numbered)).toEqual(numbered);
});

it('takes the larger of both halves', () => {
  const data = [1, -2, 3, -4, 5, -6, 6, -5, 4, -3, 2, -1];
  expect(computed(maxFeatureMap(x), data)).toEqual([6, -2, 4, -3, 5, -1]);
});
