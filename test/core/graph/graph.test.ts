import { describe, expect, it } from 'vitest';
import { constant, input, scalar } from '../../../src/core/graph/builder.ts';
import { print } from '../../../src/core/graph/print.ts';
import { broadcast, repeatedAxes } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { add } from '../../../src/core/ops/add.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { reshape } from '../../../src/core/ops/reshape.ts';
import { slice } from '../../../src/core/ops/slice.ts';

const x = input('x', [2, 3]);

describe('a node that is not valid is never made', () => {
  it.each<[string, () => Value]>([
    ['shapes that do not broadcast', () => add(x, input('y', [2, 4]))],
    ['matrices that do not fit', () => matmul(x, x)],
    ['a reshape of another size', () => reshape(x, [7])],
    ['a slice beyond the end', () => slice(x, [0, 0], [2, 4])],
    ['a convolution of other channels', () => conv(input('i', [1, 4, 5, 5]), input('w', [2, 3, 3, 3]))],
    ['a filter larger than the picture', () => conv(input('i', [1, 3, 2, 2]), input('w', [2, 3, 3, 3]))],
    ['labels that are no whole numbers', () => oneHot(input('l', [2]), 3)],
    ['arithmetic on pixels', () => multiply(input('p', [2], 'uint8'), scalar(2))],
    ['pixels moved about as if they were floats', () => reshape(input('p', [4], 'uint8'), [2, 2])],
    ['a constant of too few numbers', () => constant([1, 2], [3])],
    ['an empty side', () => input('e', [0])],
  ])('%s', (_, make) => {
    expect(make).toThrow(/assertion failed/);
  });
});

describe('topological', () => {
  it('gives each value once, after its inputs, however deep', () => {
    let value: Value = x;
    for (let i = 0; i < 20_000; i++) value = add(value, value);
    const order = topological([value]);
    expect(order).toHaveLength(20_001);
    expect(order[0]).toBe(x);
    expect(order.at(-1)).toBe(value);
  });

  it('stops at what is known', () => {
    const inner = add(x, x);
    expect(topological([add(inner, x)], (value) => value === inner || value === x)).toHaveLength(1);
  });
});

describe('shapes', () => {
  it('broadcast as in numpy', () => {
    expect(broadcast([4, 1, 3], [5, 1])).toEqual([4, 5, 3]);
    expect(broadcast([], [2])).toEqual([2]);
    expect(repeatedAxes([3, 1], [2, 3, 4])).toEqual([0, 2]);
    expect(repeatedAxes([1, 3], [1, 3])).toEqual([]);
  });
});

it('prints a graph line by line', () => {
  const sum = add(x, scalar(2));
  expect(print([multiply(sum, sum), x])).toBe(
    ['%0 = add(x, 2) [2, 3]', '%1 = multiply(%0, %0) [2, 3]', 'return %1, x'].join('\n'),
  );
});
