import { describe, expect, it } from 'vitest';
import { type AxisKind, logTicks, ticks } from '../../../../src/renderer/parts/chart/ticks.ts';

const labels = (from: number, to: number, count: number, kind?: AxisKind): string[] =>
  ticks(from, to, count, kind).map(({ label }) => label);

describe('ticks', () => {
  it('lie at round places', () => {
    expect(labels(0, 1, 5)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels(-0.3, 0.3, 3)).toEqual(['−0.2', '0', '0.2']);
    expect(labels(0, 0.00012, 3)).toEqual(['0', '5e-5', '1.0e-4']);
  });

  it('count whole things by whole numbers', () => {
    expect(ticks(0, 2, 10, 'whole').map(({ value }) => value)).toEqual([0, 1, 2]);
    expect(labels(0, 1_000_000, 4, 'whole')).toEqual(['0', '500K', '1M']);
    expect(labels(357_200, 357_204, 2, 'whole')).toEqual(['357,200', '357,202', '357,204']);
  });

  it('tell time by the clock', () => {
    expect(labels(0, 3 * 3600, 4, 'seconds')).toEqual(['0', '1 h', '2 h', '3 h']);
    expect(labels(0, 100, 4, 'seconds')).toEqual(['0', '30 s', '1 min', '1 min 30 s']);
    expect(labels(0, 20 * 86_400, 4, 'seconds').at(-1)).toBe('480 h');
  });

  it('tell shares per cent', () => {
    expect(labels(0.95, 1, 2, 'share')).toEqual(['95%', '100%']);
    expect(labels(0.99, 1, 5, 'share')).toEqual(['99.0%', '99.2%', '99.4%', '99.6%', '99.8%', '100.0%']);
  });

  it('are inside the range, ascend, and are not many more than asked for', () => {
    for (let power = -6; power <= 7; power++) {
      for (const wide of [1, 1.7, 3.3, 8.9]) {
        const [from, to] = [0.37 * 10 ** power, (0.37 + wide) * 10 ** power];
        const found = ticks(from, to, 5).map(({ value }) => value);
        expect(found.length).toBeGreaterThanOrEqual(2);
        expect(found.length).toBeLessThanOrEqual(6);
        for (const [i, value] of found.entries()) {
          expect(value).toBeGreaterThanOrEqual(from * (1 - 1e-6));
          expect(value).toBeLessThanOrEqual(to * (1 + 1e-6));
          if (i > 0) expect(value).toBeGreaterThan(found[i - 1] ?? 0);
        }
      }
    }
  });

  it('need a range', () => {
    expect(ticks(1, 1, 5)).toEqual([]);
    expect(ticks(0, Number.POSITIVE_INFINITY, 5)).toEqual([]);
    expect(logTicks(0, 10, 5)).toEqual([]);
  });
});

describe('logarithmic ticks', () => {
  const values = (from: number, to: number, count: number): number[] =>
    logTicks(from, to, count).map(({ value }) => value);

  it('are powers of ten, with 2 and 5 between where there are few', () => {
    expect(values(0.1, 30, 8)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10, 20]);
    expect(values(1e-6, 1, 4)).toEqual([1e-6, 1e-4, 1e-2, 1]);
  });

  it('are those of a line where the range is less than a decade', () => {
    expect(values(4, 6, 4)).toEqual([4, 4.5, 5, 5.5, 6]);
  });
});
