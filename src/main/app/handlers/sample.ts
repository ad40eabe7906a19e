import { join } from 'node:path';
import { put } from '../../jobs/people-files.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../runs.ts';
import type { SampleProject } from '../sample.ts';
import { reportOf } from '../sample-report.ts';
import { sampleFolder } from '../sample-steps.ts';
import type { Part } from './part.ts';

const reportFile = 'sample-report.html';

export function sampleHandlers(context: Context, runs: Runs, sample: SampleProject): Part<'sample'> {
  return {
    'sample.get': () => sample.get(),
    'sample.start': ({ seed, size }) => sample.start(seed, size),
    'sample.stop': () => sample.stop(),
    'sample.wait': (_, { signal }) => sample.wait(signal),
    'sample.report': async () => {
      const html = await reportOf(context, runs, sample.get());
      const file = join(sampleFolder(context.dataDir), reportFile);
      await put(file, html);
      return { html, file };
    },
  };
}
