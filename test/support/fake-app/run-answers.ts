import type { Evaluation, Run, Series, Snapshot } from '../../../src/core/contract/runs.ts';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { accuracyAt, bell, metricsAt, type Shape } from './run-curves.ts';

/** Of a run that has taken no step. */
export function none(run: number): Series {
  return { run, first: 1, end: 1, steps: [], every: 1, columns: {} };
}

/** Buckets as the real application makes them; of long ones a sample of the steps. */
export function series(shape: Shape, run: Run, from: number, to: number | null, points: number): Series {
  const first = Math.max(1, from);
  const end = Math.min(run.step, to ?? run.step) + 1;
  const every = Math.max(1, Math.ceil((end - first) / points));
  const steps: number[] = [];
  const columns = metricColumns.map(() => ({
    min: [] as number[],
    max: [] as number[],
    mean: [] as number[],
  }));
  for (let start = first; start < end; start += every) {
    steps.push(start);
    const stride = Math.max(1, Math.floor(every / 64));
    const rows: (readonly number[])[] = [];
    for (let step = start; step < Math.min(end, start + every); step += stride)
      rows.push(metricsAt(shape, step));
    for (const [i, column] of columns.entries()) {
      const values = rows.map((row) => row[i] ?? Number.NaN);
      column.min.push(Math.min(...values));
      column.max.push(Math.max(...values));
      column.mean.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    }
  }
  return {
    ...{ run: run.id, first: 1, end: run.step + 1, steps, every },
    columns: Object.fromEntries(columns.map((column, i) => [metricColumns[i] ?? '', column])),
  };
}

/** At the end of each epoch, on the people who were held out and on another set. */
export function evaluationsOf(shape: Shape, until: number): readonly Evaluation[] {
  const found: Evaluation[] = [];
  for (let step = 0; step <= until; step += shape.stepsPerEpoch) {
    for (const [i, set] of ['held-out', 'Group photographs'].entries()) {
      const accuracy = accuracyAt(shape, step, i);
      found.push({
        ...{ step, set, pairs: 3000, accuracy, deviation: 0.008 + 0.01 * (1 - accuracy), threshold: 0.28 },
        tarAtFar: [
          [0.1, Math.min(1, accuracy * 1.02)],
          [0.01, Math.max(0, accuracy * 1.6 - 0.65)],
          [0.001, Math.max(0, accuracy * 2.2 - 1.3)],
        ],
        auc: Math.min(1, accuracy * 1.03),
      });
    }
  }
  return found;
}

/** The last of about two hundred a run. */
export function snapshotsOf(shape: Shape, until: number, last: number): readonly Snapshot[] {
  const every = Math.max(50, Math.ceil(shape.steps / 200));
  const steps: number[] = [];
  for (let step = every; step <= until; step += every) steps.push(step);
  return steps.slice(-last).map((step) => {
    const [, , , , , norm = 10, target = 0, negative = 0] = metricsAt(shape, step);
    return {
      step,
      target: { from: -1, to: 1, counts: bell(-1, 1, target, 0.09) },
      negative: { from: -1, to: 1, counts: bell(-1, 1, negative, 0.07) },
      norm: { from: 0, to: 40, counts: bell(0, 40, norm, 2.4) },
    };
  });
}
