import { error, LineamentError } from '../../../core/base/errors.ts';
import type { Run, RunDetail } from '../../../core/contract/runs.ts';
import { percent } from '../../../core/report/words.ts';
import { metricColumns } from '../../../core/training/metrics.ts';
import type { Answer, Call } from './command.ts';
import { clock, stoppable } from './follow.ts';

const top1At = metricColumns.indexOf('top1');

/** The run that a word names: its name, or its number. Error: `run/unknown`, with what there is. */
export async function runOf(call: Pick<Call, 'client'>, word: string | undefined): Promise<Run> {
  const { client } = call;
  const name = word ?? '';
  if (/^\d+$/.test(name)) {
    const named = (await client.call('runs.list', {})).find((run) => run.name === name);
    return named ?? (await client.call('runs.get', { run: Number(name) }));
  }
  return await client.call('runs.find', { name });
}

/** How a training goes, in one line. `recognised`: share of the last batch; null where unknown. */
export function trainingLine(run: Run, recognised: number | null): string {
  const parts = [
    `${run.name}: ${run.state === 'running' ? '' : `${run.state}, `}step ${run.step} of ${run.steps}`,
    run.loss === null ? '' : `loss ${run.loss.toFixed(3)}`,
    recognised === null ? '' : `${percent(recognised, 1)} recognised`,
    run.best === null ? '' : `best accuracy ${percent(run.best.accuracy, 2)}`,
    run.imagesPerSecond === null ? '' : `${run.imagesPerSecond.toFixed(1)} images/s`,
    run.etaSeconds === null ? '' : `${clock(run.etaSeconds)} left`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const ends: Readonly<Record<string, string>> = {
  finished: 'Finished',
  'early-stop': 'Stopped early: validation got no better',
  user: 'Stopped',
};

/** Waits for a run to end, telling how it goes. Ctrl-C pauses it. Errors: `run/paused`, whatever the run failed with. */
export async function followRun(call: Call, { id, job }: Run): Promise<Answer> {
  const { client, progress, signal } = call;
  let recognised: number | null = null;
  const stops = [
    client.on('run.points', ({ run, rows }) => {
      if (run === id) recognised = rows.at(-1)?.[top1At] ?? null;
    }),
    client.on('run.changed', (run) => {
      if (run.id === id) progress(trainingLine(run, recognised));
    }),
  ];
  const pause = () => client.call('runs.pause', { run: id });
  const wait = async () => job && (await client.call('jobs.wait', { job: job.id }));
  await stoppable(signal, pause, wait).finally(() => {
    for (const stop of stops) stop();
  });
  const run = await client.call('runs.get', { run: id });
  if (run.error !== null) throw new LineamentError(run.error);
  const { name, step, steps } = run;
  if (run.state === 'paused') throw error('run/paused', { name, step, steps, run: id });
  return await ended(call, run);
}

async function ended({ client }: Call, run: RunDetail): Promise<Answer> {
  const evaluations = await client.call('runs.evaluations', { run: run.id });
  const last = evaluations.at(-1)?.step;
  const lines = [
    `${ends[run.reason ?? ''] ?? run.state}: ${run.name}, step ${run.step} of ${run.steps}${run.loss === null ? '' : `, loss ${run.loss.toFixed(3)}`}`,
    ...evaluations
      .filter(({ step }) => step === last)
      .map(({ set, accuracy, deviation, pairs }) => {
        return `${set}: ${percent(accuracy, 2)} ± ${percent(deviation, 2)} on ${pairs} pairs`;
      }),
    ...(run.best === null ? [] : [`best: ${percent(run.best.accuracy, 2)} at step ${run.best.step}`]),
    `lineament export ${run.id} --out FILE.onnx writes the network.`,
  ];
  return { json: { ...run, evaluations }, text: lines.join('\n') };
}
