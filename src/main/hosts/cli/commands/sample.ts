import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Cancelled, error, LineamentError } from '../../../../core/base/errors.ts';
import type { Sample } from '../../../../core/contract/sample.ts';
import { type Call, type Command, count, table, text } from '../command.ts';
import { stoppable } from '../follow.ts';

const reportFile = 'sample-report.html';

/** The step under way, in one line. */
function line({ steps }: Sample): string | null {
  const place = steps.findIndex(({ state }) => state === 'running');
  const step = steps[place];
  if (step === undefined) return null;
  const of = step.total === null ? '' : ` of ${step.total}`;
  const done = step.done === 0 && step.total === null ? '' : `: ${step.done}${of} ${step.unit}`;
  return `${place + 1}/${steps.length} ${step.title}${done}`;
}

/** Waits for the sample project to end. Ctrl-C stops it. Throws what it failed with. */
async function follow(call: Call): Promise<Sample> {
  const { client, progress, signal } = call;
  const unsubscribe = client.on('sample.changed', (sample) => {
    const said = line(sample);
    if (said !== null) progress(said);
  });
  const stop = () => client.call('sample.stop', {});
  const wait = () => client.call('sample.wait', {});
  const sample = await stoppable(signal, stop, wait).finally(unsubscribe);
  if (sample.error !== null) throw new LineamentError(sample.error);
  if (sample.state !== 'done') throw new Cancelled();
  return sample;
}

export const sampleCommands: readonly Command[] = [
  {
    name: 'sample',
    usage: '[--out DIR] [--seed N]',
    about:
      'make people who don’t exist, do everything with them, and write a report; goes on where it was stopped',
    words: [0, 0],
    options: {
      out: { type: 'string', about: `where ${reportFile} goes (this folder)` },
      seed: { type: 'string', about: 'of the first start: other people' },
    },
    run: async (call) => {
      const { client, options } = call;
      const seed = count(options, 'seed', 0);
      await client.call('sample.start', seed === null ? {} : { seed });
      const sample = await follow(call);
      const { html } = await client.call('sample.report', {});
      const report = resolve(join(text(options, 'out') ?? '.', reportFile));
      await writeFile(report, html).catch((thrown: unknown) => {
        const detail = thrown instanceof Error ? thrown.message : String(thrown);
        throw error('file/cannot-write', { path: report, detail }, thrown);
      });
      const rows = sample.steps.map(({ title, result, seconds }) => [
        ...[title, result ?? '', `${seconds.toFixed(1)} s`],
      ]);
      const { findings, seed: made, run, steps } = sample;
      const json = { seed: made, run, report, findings, steps };
      return { json, text: `${table(['step', '', 'time'], rows)}\n${report}` };
    },
  },
];
