// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../../src/core/contract/api.ts';
import type { Series } from '../../../src/core/contract/runs.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { RunSeries } from '../../../src/renderer/state/run-series.svelte.ts';

interface Asked {
  readonly from: number;
  readonly to: number | null;
  readonly points: number;
}

/** An application whose run has so many steps; every call is written down. */
function client(state: { end: number }): { client: Client; asked: Asked[] } {
  const asked: Asked[] = [];
  const answer = async (_: string, input: Asked): Promise<Series> => {
    asked.push({ from: input.from, to: input.to, points: input.points });
    const [first, end] = [Math.max(1, input.from), Math.min(state.end, input.to ?? state.end)];
    const every = Math.max(1, Math.ceil((end - first) / input.points));
    const steps = Array.from({ length: Math.ceil((end - first) / every) }, (_step, i) => first + i * every);
    const one = { min: steps, max: steps, mean: steps };
    const columns = Object.fromEntries(metricColumns.map((name) => [name, one]));
    return { run: 1, first: 1, end: state.end, steps, every, columns };
  };
  // The client's types are computed from the contract; one method of it is enough here.
  const call = answer as Client['call'];
  return { asked, client: { call, on: () => () => {}, close: () => {} } };
}
const rows = (count: number): (number | null)[][] =>
  Array.from({ length: count }, () => metricColumns.map(() => 1));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('metrics of a run', () => {
  it('are asked for as wide as the charts are', async () => {
    const far = client({ end: 1_000_001 });
    const series = new RunSeries(far.client, 1);
    series.load(500);
    await vi.advanceTimersByTimeAsync(0);
    expect(far.asked).toEqual([{ from: 0, to: null, points: 500 }]);
    expect(series.whole?.steps.length).toBe(500);
    series.close();
  });

  it('are asked for anew for the part in view, once it settles', async () => {
    const far = client({ end: 1_000_001 });
    const series = new RunSeries(far.client, 1);
    series.load(500);
    await vi.advanceTimersByTimeAsync(0);
    for (const from of [100, 200, 300_000]) series.look([from, from + 10_000]);
    await vi.advanceTimersByTimeAsync(200);
    expect(far.asked.slice(1)).toEqual([{ from: 295_000, to: 315_000, points: 1000 }]);
    expect(series.best(300_000, 310_000)?.every).toBe(20);
    // Moving a little shows what was fetched along.
    series.look([302_000, 312_000]);
    await vi.advanceTimersByTimeAsync(200);
    expect(far.asked).toHaveLength(2);
    // Outside there is the coarse one until the fine one comes.
    expect(series.best(700_000, 710_000)).toBe(series.whole);
    series.look(null);
    expect(series.best(300_000, 310_000)).toBe(series.whole);
    series.close();
  });

  it('show a step as it is taken, without asking', async () => {
    const far = client({ end: 101 });
    const series = new RunSeries(far.client, 1);
    series.load(500);
    await vi.advanceTimersByTimeAsync(0);
    const before = series.whole;
    series.append({ run: 1, first: 101, rows: rows(2) });
    expect(series.whole).not.toBe(before);
    expect(series.whole?.steps.slice(-2)).toEqual([101, 102]);
    series.append({ run: 2, first: 103, rows: rows(1) });
    expect(series.whole?.steps.at(-1)).toBe(102);
    await vi.advanceTimersByTimeAsync(5000);
    expect(far.asked).toHaveLength(1);
    series.close();
  });

  it('are loaded again where steps are missing, and once many single ones came', async () => {
    const state = { end: 101 };
    const far = client(state);
    const series = new RunSeries(far.client, 1);
    series.load(100);
    await vi.advanceTimersByTimeAsync(0);
    state.end = 201;
    series.append({ run: 1, first: 200, rows: rows(1) });
    await vi.advanceTimersByTimeAsync(1500);
    expect(far.asked).toHaveLength(2);
    expect(series.whole?.end).toBe(201);
    series.append({ run: 1, first: 201, rows: rows(900) });
    state.end = 1101;
    await vi.advanceTimersByTimeAsync(1500);
    expect(far.asked).toHaveLength(3);
    expect(series.whole?.steps.length).toBeLessThanOrEqual(100);
    series.close();
  });
});
