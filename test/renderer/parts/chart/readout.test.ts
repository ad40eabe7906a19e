import { describe, expect, it } from 'vitest';
import { type ChartLine, lineStyle } from '../../../../src/renderer/parts/chart/line.ts';
import {
  reachOf,
  readAt,
  readLast,
  step,
  tablePlaces,
} from '../../../../src/renderer/parts/chart/readout.ts';
import { chartSummary } from '../../../../src/renderer/parts/chart/summary.ts';

const line = (x: number[], y: number[], smoothed?: number[]): ChartLine => ({
  ...lineStyle(0),
  ...{ id: 'loss', label: 'Loss', points: { x, y }, smoothed },
});
const loss = line([0, 10, 20, 30], [9, 5, Number.NaN, 2]);

describe('reading a curve', () => {
  it('takes the nearest point, but none from far away', () => {
    expect(readAt(loss, 12, reachOf(loss))?.y).toBe(5);
    expect(readAt(loss, 49, reachOf(loss))?.y).toBe(2);
    expect(readAt(loss, 51, reachOf(loss))).toBeNull();
    expect(readAt(loss, 20, reachOf(loss))).toBeNull();
  });

  it('tells the smoothed number, and the raw one beside it', () => {
    expect(readAt(line([1, 2], [4, 6], [4, 5]), 2, 1)).toMatchObject({ x: 2, y: 5, raw: 6 });
    expect(readLast(loss)).toMatchObject({ x: 30, y: 2, raw: null });
    expect(readLast(line([1], [Number.NaN]))).toBeNull();
  });
});

describe('the cursor', () => {
  it('goes from point to point, and at least so far', () => {
    expect(step([loss], 10, 1, 1)).toBe(20);
    expect(step([loss], 10, 1, -1)).toBe(0);
    expect(step([loss], 0, 19, 1)).toBe(20);
    expect(step([loss], 30, 1, 1)).toBe(30);
  });

  it('stops at the points of every curve', () => {
    const sparse = line([0, 100], [1, 1]);
    expect(step([sparse, loss], 0, 4, 1)).toBe(10);
    expect(step([sparse, loss], 30, 4, 1)).toBe(100);
  });
});

describe('the table', () => {
  it('tells a few of many places, the first and the last among them', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    const places = tablePlaces([line(x, x)], [100, 899], 50);
    expect(places).toHaveLength(50);
    expect([places[0], places.at(-1)]).toEqual([100, 899]);
    expect(tablePlaces([loss], [5, 25], 50)).toEqual([10, 20]);
  });
});

describe('the summary', () => {
  const tell = (value: number): string => `step ${value}`;
  it('says where a curve begins and ends, and its extremes', () => {
    expect(chartSummary('Loss', [loss], [0, 30], tell, String)).toBe(
      'Loss. Loss: from 9 at step 0 to 2 at step 30, lowest 2 at step 30, highest 9 at step 0.',
    );
    expect(chartSummary('Loss', [line([], [])], [0, 1], tell, String)).toBe('Loss: nothing yet.');
  });
});
