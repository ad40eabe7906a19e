import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { openMetrics, type RunMetrics } from '../../../src/main/app/runs-metrics.ts';

const width = metricColumns.length;
let dir: string;
let metrics: RunMetrics;
const path = (run: number): string => join(dir, `${run}.f32`);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lineament-metrics-'));
  metrics = openMetrics(path);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Rows of n steps: the number of the step in every column, plus the column's number in thousandths. */
function rows(first: number, n: number): Float32Array {
  return Float32Array.from(
    { length: n * width },
    (_, i) => first + Math.floor(i / width) + (i % width) / 1000,
  );
}

const series = (run: number, from = 0, to: number | null = null, points = 1000) =>
  metrics.series({ run, from, to, points }, ['loss', 'rate']);

describe('the metrics of a run', () => {
  it('are rows of float32 in their order, appended', () => {
    metrics.append(1, 1, rows(1, 3));
    metrics.append(1, 4, rows(4, 2));
    expect(metrics.rows(1)).toBe(5);
    expect(readFileSync(path(1))).toEqual(Buffer.from(rows(1, 5).buffer));
    expect(metrics.tail(1, 2)).toEqual(rows(4, 2));
    expect(metrics.tail(1, 99)).toEqual(rows(1, 5));
    const { first, end, every, steps, columns } = series(1);
    expect({ first, end, every, steps }).toEqual({ first: 1, end: 6, every: 1, steps: [1, 2, 3, 4, 5] });
    expect(columns.loss).toEqual({ min: [1, 2, 3, 4, 5], max: [1, 2, 3, 4, 5], mean: [1, 2, 3, 4, 5] });
    expect(columns.rate?.mean[4]).toBe(Math.fround(5.001));
    expect(columns).not.toHaveProperty('top1');
  });

  it('are cut where a run goes on from a checkpoint, on the disk and in memory', () => {
    metrics.append(1, 1, rows(1, 10));
    expect(series(1).end).toBe(11);
    metrics.cut(1, 4);
    expect(readFileSync(path(1)).length).toBe(4 * width * 4);
    expect(series(1).steps).toEqual([1, 2, 3, 4]);
    metrics.append(1, 5, rows(50, 1));
    expect(series(1).columns.loss?.max).toEqual([1, 2, 3, 4, 50]);
    expect(openMetrics(path).tail(1, 1)[0]).toBe(50);
    metrics.append(1, 3, rows(300, 1)); // told again
    expect(series(1).columns.loss?.max).toEqual([1, 2, 300]);
  });

  it('have no half row, and none at a wrong place', () => {
    metrics.append(1, 1, rows(1, 3));
    truncateSync(path(1), 3 * width * 4 - 5);
    const again = openMetrics(path);
    expect(again.rows(1)).toBe(2);
    again.append(1, 5, rows(5, 1));
    expect(again.rows(1)).toBe(5);
    const { columns } = again.series({ run: 1, from: 0, to: null, points: 10 }, ['loss']);
    expect(columns.loss?.mean).toEqual([1, 2, null, null, 5]);
  });

  it('of a run that has none are empty', async () => {
    expect(metrics.rows(9)).toBe(0);
    expect(series(9)).toEqual({
      ...{ run: 9, first: 1, end: 1, steps: [], every: 1 },
      columns: { loss: { min: [], max: [], mean: [] }, rate: { min: [], max: [], mean: [] } },
    });
    metrics.append(9, 1, rows(1, 1));
    await metrics.sync(9);
    metrics.forget(9);
    expect(metrics.rows(9)).toBe(1);
  });

  it('of many runs are held for the last few only, and stay right', () => {
    for (let run = 1; run <= 12; run++) {
      metrics.append(run, 1, rows(run * 100, 2));
      expect(series(run).columns.loss?.mean).toEqual([run * 100, run * 100 + 1]);
    }
    metrics.append(1, 3, rows(7, 1));
    expect(series(1).columns.loss?.mean).toEqual([100, 101, 7]);
  });
});

describe('figures of a run', () => {
  /** Rows with so many numbers more at their ends. */
  const wide = (from: number, count: number, more: number): Float32Array =>
    Float32Array.from({ length: count * (width + more) }, (_, at) => {
      const [i, place] = [Math.floor(at / (width + more)), at % (width + more)];
      return from + i + (place < width ? place / 1000 : place * 10);
    });
  const all = (run: number, from: RunMetrics = metrics) =>
    from.series({ run, from: 0, to: null, points: 100 }, null).columns;

  it('are recorded with its steps, and known when the file is opened again', () => {
    metrics.append(1, 1, wide(1, 3, 2), ['scale', 'margin']);
    metrics.append(1, 4, wide(4, 1, 2), ['scale', 'margin']);
    for (const from of [metrics, openMetrics(path)]) {
      expect([from.rows(1), from.figures(1)]).toEqual([4, ['scale', 'margin']]);
      expect(Object.keys(all(1, from))).toEqual([...metricColumns, 'scale', 'margin']);
      expect(all(1, from)['margin']?.mean).toEqual([1, 2, 3, 4].map((step) => step + (width + 1) * 10));
      expect(all(1, from).loss?.mean).toEqual([1, 2, 3, 4]);
      expect(from.tail(1, 2)).toEqual(rows(3, 2));
    }
    metrics.cut(1, 2);
    expect(openMetrics(path).rows(1)).toBe(2);
  });

  it('may come to a file of old that has none, and change', () => {
    metrics.append(1, 1, rows(1, 2));
    expect(readFileSync(path(1)).length).toBe(2 * width * 4); // as such files always were
    metrics.append(1, 3, wide(3, 1, 1), ['scale']);
    metrics.append(1, 4, wide(4, 1, 2), ['margin', 'scale']);
    for (const from of [metrics, openMetrics(path)]) {
      const { loss, scale, margin } = all(1, from);
      expect(loss?.mean).toEqual([1, 2, 3, 4]);
      expect(scale?.mean).toEqual([null, null, 3 + width * 10, 4 + (width + 1) * 10]);
      expect(margin?.mean).toEqual([null, null, null, 4 + width * 10]);
    }
  });

  it('leave rows at their places where some were lost', () => {
    metrics.append(1, 3, wide(3, 1, 1), ['scale']);
    expect(all(1)['scale']?.mean).toEqual([null, null, 3 + width * 10]);
  });

  it('of a file whose beginning is not whole are none, and it is begun anew', () => {
    metrics.append(1, 1, wide(1, 1, 1), ['scale']);
    truncateSync(path(1), 14);
    const again = openMetrics(path);
    expect([again.rows(1), again.figures(1)]).toEqual([0, []]);
    again.append(1, 1, rows(7, 1), []);
    expect(openMetrics(path).tail(1, 5)).toEqual(rows(7, 1));
  });
});

describe('a series', () => {
  it('has the extremes and means of its buckets, by brute force', () => {
    const random = seededRandom(5);
    const n = 1000;
    const values = Float32Array.from({ length: n }, () => random.normal());
    for (const i of [0, 17, 400, 401, 402, 403, 404, 405, 406, 407]) values[i] = Number.NaN;
    values[500] = Number.POSITIVE_INFINITY;
    const all = new Float32Array(n * width);
    for (const [i, value] of values.entries()) all[i * width] = value;
    metrics.append(1, 1, all);
    for (const [from, to, points] of [
      [0, null, 7],
      [1, 1001, 1000],
      [12, 700, 13],
      [401, 409, 2],
      [990, 5000, 4],
      [700, 600, 4],
      [5000, null, 4],
    ] as const) {
      const { steps, every, columns } = series(1, from, to, points);
      expect(steps.length).toBeLessThanOrEqual(points);
      const last = Math.min(to ?? n + 1, n + 1);
      expect(steps.length * every).toBeGreaterThanOrEqual(last - Math.max(1, from));
      for (const [b, step] of steps.entries()) {
        const bucket = [...values.slice(step - 1, Math.min(step - 1 + every, last - 1))].filter(
          Number.isFinite,
        );
        const mean = bucket.reduce((sum, value) => sum + value, 0) / bucket.length;
        expect(columns.loss?.min[b]).toBe(bucket.length === 0 ? null : Math.min(...bucket));
        expect(columns.loss?.max[b]).toBe(bucket.length === 0 ? null : Math.max(...bucket));
        if (bucket.length === 0) expect(columns.loss?.mean[b]).toBeNull();
        else expect(columns.loss?.mean[b]).toBeCloseTo(mean, 12);
      }
      expect(steps).toEqual(steps.map((_, i) => Math.max(1, from) + i * every));
    }
  });
});
