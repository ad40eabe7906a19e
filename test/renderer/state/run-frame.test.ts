import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/core/contract/runs.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { placeOfStep, placesOf, stepOfPlace } from '../../../src/renderer/state/run-axis.ts';
import { append, frameOf, interpolate } from '../../../src/renderer/state/run-frame.ts';

const column = (values: (number | null)[]) => ({ min: values, max: values, mean: values });
const series: Series = {
  ...{ run: 1, first: 1, end: 11, steps: [1, 5, 9], every: 4 },
  columns: { loss: column([9, null, 7]), seconds: column([2, 6, 9]) },
};
const row = (loss: number, seconds = 0): (number | null)[] =>
  metricColumns.map((name) => (name === 'loss' ? loss : name === 'seconds' ? seconds : null));

describe('frames', () => {
  it('know the middle and the size of each bucket; what is not finite is NaN', () => {
    const frame = frameOf(series, 0, Number.POSITIVE_INFINITY);
    expect(frame.steps).toEqual([2.5, 6.5, 9.5]);
    expect(frame.counts).toEqual([4, 4, 2]);
    expect(frame.columns.loss?.mean).toEqual([9, Number.NaN, 7]);
    expect(frame.columns.rate).toBeUndefined();
  });

  it('grow by the steps that come in', () => {
    const frame = frameOf(series, 0, Number.POSITIVE_INFINITY);
    expect(append(frame, { run: 1, first: 11, rows: [row(6), row(5)] })).toBe(true);
    expect(frame.steps.slice(3)).toEqual([11, 12]);
    expect(frame.columns.loss?.max.slice(3)).toEqual([6, 5]);
    expect(frame.end).toBe(13);
  });

  it('take no step twice', () => {
    const frame = frameOf(series, 0, Number.POSITIVE_INFINITY);
    expect(append(frame, { run: 1, first: 8, rows: [row(1), row(1), row(1), row(6)] })).toBe(true);
    expect(frame.steps.slice(3)).toEqual([11]);
    expect(frame.columns.loss?.mean.at(-1)).toBe(6);
    expect(append(frame, { run: 1, first: 3, rows: [row(1)] })).toBe(true);
    expect(frame.steps).toHaveLength(4);
  });

  it('say where steps are missing between', () => {
    const frame = frameOf(series, 0, Number.POSITIVE_INFINITY);
    expect(append(frame, { run: 1, first: 13, rows: [row(6)] })).toBe(false);
    expect(frame.steps).toHaveLength(3);
  });

  it('grow by the figures of the run, and are loaded anew where they have none of them', () => {
    const points = { run: 1, first: 11, rows: [[...row(6), 17]], figures: ['scale'] };
    const scale = column([15, 16, null]);
    const frame = frameOf({ ...series, columns: { ...series.columns, scale } }, 0, Number.POSITIVE_INFINITY);
    expect(append(frame, points)).toBe(true);
    expect(frame.columns['scale']?.mean).toEqual([15, 16, Number.NaN, 17]);
    const without = frameOf(series, 0, Number.POSITIVE_INFINITY);
    expect(append(without, points)).toBe(false);
    expect(without.steps).toHaveLength(3);
  });

  it('begin with the first step of a run that had none', () => {
    const none: Series = { run: 1, first: 1, end: 1, steps: [], every: 1, columns: { loss: column([]) } };
    const frame = frameOf(none, 0, Number.POSITIVE_INFINITY);
    expect(append(frame, { run: 1, first: 1, rows: [row(40)] })).toBe(true);
    expect(frame.steps).toEqual([1]);
  });
});

describe('axes', () => {
  const frame = frameOf(series, 0, Number.POSITIVE_INFINITY);
  it('lead from steps to epochs and to time', () => {
    expect(placesOf(frame, 'step', 5)).toEqual([2.5, 6.5, 9.5]);
    expect(placesOf(frame, 'epoch', 5)).toEqual([0.5, 1.3, 1.9]);
    expect(placesOf(frame, 'time', 5)).toEqual([2, 6, 9]);
  });

  it('lead back', () => {
    for (const axis of ['step', 'epoch', 'time'] as const) {
      for (const step of [2.5, 4, 8, 9.5]) {
        expect(stepOfPlace(frame, axis, 5, placeOfStep(frame, axis, 5, step))).toBeCloseTo(step, 9);
      }
    }
  });

  it('have an end', () => {
    expect(interpolate([1, 2], [10, 20], 5)).toBe(20);
    expect(interpolate([1, 2], [10, 20], -5)).toBe(10);
    expect(interpolate([], [], 5)).toBe(0);
    expect(placeOfStep(null, 'time', 5, 100)).toBe(0);
  });
});
