import type { Context } from '../context.ts';
import type { Runs } from '../runs.ts';
import type { SampleProject } from '../sample.ts';
import { reportOf } from '../sample-report.ts';
import type { Part } from './part.ts';

export function sampleHandlers(context: Context, runs: Runs, sample: SampleProject): Part<'sample'> {
  return {
    'sample.get': () => sample.get(),
    'sample.start': ({ seed, size }) => sample.start(seed, size),
    'sample.stop': () => sample.stop(),
    'sample.wait': (_, { signal }) => sample.wait(signal),
    'sample.report': async () => ({ html: await reportOf(context, runs, sample.get()) }),
  };
}
