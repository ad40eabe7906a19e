import { describe, expect, it } from 'vitest';
import { firstNotFinite, openWatch } from '../../../src/main/training/watch.ts';

describe('the watch over divergence', () => {
  const good = { loss: 7, gradientNorm: 1 };

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('stops at once at %d', (bad) => {
    const watch = openWatch(7);
    expect(watch.judge(good)).toBe('good');
    expect(watch.judge({ ...good, loss: bad })).toBe('numbers');
    expect(watch.judge({ ...good, gradientNorm: bad })).toBe('numbers');
  });

  it('bears a huge loss for nine steps on end, not for ten', () => {
    const watch = openWatch(7);
    const huge = { loss: 70_001, gradientNorm: 1 };
    const nine = () => Array.from({ length: 9 }, () => watch.judge(huge));
    expect(nine()).toEqual(new Array(9).fill('good'));
    expect(watch.judge({ ...good, loss: 70_000 })).toBe('good');
    expect(nine()).toEqual(new Array(9).fill('good'));
    expect(watch.judge(huge)).toBe('loss');
  });

  it('lets a step in mixed precision be skipped, as long as the scale can fall', () => {
    const watch = openWatch(7);
    const overflown = { ...good, gradientNorm: Number.POSITIVE_INFINITY };
    expect(watch.judge({ ...overflown, told: { lossScale: 2 } })).toBe('skipped');
    expect(watch.judge({ ...overflown, loss: Number.NaN, told: { lossScale: 2 } })).toBe('skipped');
    expect(watch.judge({ ...overflown, told: { lossScale: 1 } })).toBe('numbers');
    expect(watch.judge({ ...overflown, told: { margin: 3 } })).toBe('numbers');
    expect(watch.judge({ ...good, told: { lossScale: 2 } })).toBe('good');
  });

  it('finds the tensor that is broken', () => {
    const tensor = (name: string, ...numbers: number[]) => ({
      ...({ name, kind: 'parameter', shape: [], length: numbers.length } as const),
      data: () => Float32Array.from(numbers),
    });
    expect(firstNotFinite([tensor('a', 1, -2), tensor('b', 3e38)])).toBeNull();
    expect(firstNotFinite([tensor('a', 1), tensor('b', 0, Number.NaN), tensor('c', Infinity)])).toBe('b');
  });
});
