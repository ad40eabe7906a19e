import type { AxisKind } from '../parts/chart/ticks.ts';
import { count, duration } from '../text/format.ts';
import { interpolate, type RunFrame } from './run-frame.ts';

/** What charts of a run are drawn over. */
export const runAxes = ['step', 'epoch', 'time'] as const;
export type RunAxis = (typeof runAxes)[number];

const epochs = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const axisKinds: Readonly<Record<RunAxis, AxisKind>> = {
  step: 'whole',
  epoch: 'number',
  time: 'seconds',
};

export const axisTells: Readonly<Record<RunAxis, (value: number) => string>> = {
  step: (value) => `step ${count(Math.round(value))}`,
  epoch: (value) => `epoch ${epochs.format(value)}`,
  time: (value) => `after ${duration(value)}`,
};

/** Places of a frame's buckets on the axis. */
export function placesOf(frame: RunFrame, axis: RunAxis, stepsPerEpoch: number): readonly number[] {
  if (axis === 'step') return frame.steps;
  if (axis === 'epoch') return frame.steps.map((step) => step / Math.max(1, stepsPerEpoch));
  const seconds = frame.columns.seconds?.mean ?? [];
  // Time only goes on: a number that is missing takes the one before it.
  let last = 0;
  return frame.steps.map((_, i) => {
    const at = seconds[i] ?? Number.NaN;
    last = Number.isFinite(at) ? Math.max(last, at) : last;
    return last;
  });
}

/** Place of a step on the axis; `whole` is everything that is known of the run. */
export function placeOfStep(
  whole: RunFrame | null,
  axis: RunAxis,
  stepsPerEpoch: number,
  step: number,
): number {
  if (axis === 'step') return step;
  if (axis === 'epoch') return step / Math.max(1, stepsPerEpoch);
  if (whole === null || step <= 0) return 0;
  return interpolate(whole.steps, placesOf(whole, 'time', stepsPerEpoch), step);
}

/** The step at a place of the axis. */
export function stepOfPlace(
  whole: RunFrame | null,
  axis: RunAxis,
  stepsPerEpoch: number,
  place: number,
): number {
  if (axis === 'step') return place;
  if (axis === 'epoch') return place * Math.max(1, stepsPerEpoch);
  if (whole === null) return 0;
  return interpolate(placesOf(whole, 'time', stepsPerEpoch), whole.steps, place);
}

/** What of the axis is in view, in steps; null where that is everything. */
export function stepsInView(
  whole: RunFrame | null,
  axis: RunAxis,
  stepsPerEpoch: number,
  range: readonly [from: number, to: number] | null,
): readonly [from: number, to: number] | null {
  if (range === null) return null;
  const step = (place: number): number => stepOfPlace(whole, axis, stepsPerEpoch, place);
  return [step(range[0]), step(range[1])];
}
