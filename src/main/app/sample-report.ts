import type { Sample } from '../../core/contract/sample.ts';
import { sampleReport } from '../../core/report/sample-report.ts';
import { listEvaluations } from '../store/run-records.ts';
import type { Context } from './context.ts';
import type { Runs } from './runs.ts';
import { heldOutSet } from './training-data.ts';

/** Buckets of the loss: more can't be told apart in a drawing. */
const lossPoints = 220;

/** The sample project as an HTML page: its crops go into the page itself. */
export async function reportOf(context: Context, runs: Runs, sample: Sample): Promise<string> {
  const { searches } = sample.findings;
  const crops = new Set([
    ...sample.shown,
    ...searches.flatMap(({ crop, hits }) => [crop, ...hits.map((hit) => hit.crop)]),
  ]);
  const pictures = new Map<string, string>();
  for (const crop of crops) {
    const png = await context.library.read('crops', crop);
    if (png !== null) pictures.set(crop, `data:image/png;base64,${Buffer.from(png).toString('base64')}`);
  }
  const curves = sample.run === null ? { loss: [], accuracy: [] } : curvesOf(context, runs, sample.run);
  return sampleReport({ sample, pictures, curves, version: context.version });
}

function curvesOf(context: Context, runs: Runs, run: number) {
  const range = { run, from: 0, to: null, points: lossPoints };
  const { steps, columns } = runs.metrics.series(range, ['loss']);
  const loss = steps.flatMap((step, i) => {
    const value = columns.loss?.mean[i];
    return value === null || value === undefined ? [] : [[step, value] as const];
  });
  const accuracy = listEvaluations(context.store, run)
    .filter(({ set }) => set === heldOutSet)
    .map((evaluation) => [evaluation.step, evaluation.accuracy] as const);
  return { loss, accuracy };
}
