import { describe, expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { globalMean, maxPool2d, meanPool2d, type Pool2dOptions } from '../../../src/core/layers/pool.ts';
import { interpret } from '../../support/reference/interpret.ts';

const [height, width] = [5, 6];
const numbers = Array.from({ length: height * width }, (_, i) => ((i * 7) % 11) - 5);
const x = input('x', [1, 1, height, width]);

/** Windows by their definition: begins at stride·i − padding, of what is there. */
function byHand(
  { kernel, stride, padding }: Readonly<Record<'kernel' | 'stride' | 'padding', number>>,
  [oh, ow]: readonly [number, number],
  of: (window: readonly number[]) => number,
): number[] {
  const inside = (begin: number, end: number) =>
    Array.from({ length: kernel }, (_, i) => begin + i).filter((i) => i >= 0 && i < end);
  return Array.from({ length: oh * ow }, (_, at) => {
    const rows = inside(Math.floor(at / ow) * stride - padding, height);
    const columns = inside((at % ow) * stride - padding, width);
    return of(rows.flatMap((row) => columns.map((column) => numbers[row * width + column] ?? Number.NaN)));
  });
}

const mean = (window: readonly number[]): number => window.reduce((a, b) => a + b, 0) / window.length;

/** Sides as PyTorch has them. */
const cases: readonly (readonly [Pool2dOptions & { kernel: number }, readonly [number, number]])[] = [
  [{ kernel: 2 }, [2, 3]],
  [{ kernel: 2, ceil: true }, [3, 3]],
  [{ kernel: 3, stride: 2, padding: 1 }, [3, 3]],
  [{ kernel: 3, stride: 2, padding: 1, ceil: true }, [3, 4]],
  [{ kernel: 3, stride: 2, ceil: true }, [2, 3]],
  [{ kernel: 1, stride: 2, ceil: true }, [3, 3]],
  [{ kernel: 3, stride: 1, padding: 1 }, [5, 6]],
];

describe.each(cases)('pooling by %j', (options, sides) => {
  const { kernel } = options;
  const { stride = kernel, padding = 0 } = options as { stride?: number; padding?: number };

  it('takes the largest of each window', () => {
    const y = maxPool2d(x, options);
    expect(y.shape).toEqual([1, 1, ...sides]);
    const wanted = byHand({ kernel, stride, padding }, sides, (window) => Math.max(...window));
    expect([...(interpret([y], { x: numbers })[0]?.data ?? [])]).toEqual(wanted);
  });

  it('takes the mean of what is there', () => {
    const y = meanPool2d(x, options);
    expect(y.shape).toEqual([1, 1, ...sides]);
    const got = interpret([y], { x: numbers })[0]?.data ?? [];
    byHand({ kernel, stride, padding }, sides, mean).forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 12);
    });
  });
});

it('takes the mean of a whole channel', () => {
  const y = globalMean(x);
  expect(y.shape).toEqual([1, 1]);
  expect(interpret([y], { x: numbers })[0]?.data[0]).toBeCloseTo(mean(numbers), 12);
});
