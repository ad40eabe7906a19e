import { lastSnapshots, listEvaluations } from '../../store/run-records.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../runs.ts';
import type { RunActions } from '../runs-actions.ts';
import type { RunBatches } from '../runs-batch.ts';
import type { RunExporter } from '../runs-export.ts';
import type { Part } from './part.ts';

export function runHandlers(
  { store }: Pick<Context, 'store'>,
  parts: {
    readonly runs: Runs;
    readonly actions: RunActions;
    readonly batches: RunBatches;
    readonly exporter: RunExporter;
  },
): Part<'runs'> {
  const { runs, actions, batches, exporter } = parts;
  return {
    'runs.list': () => runs.list(),
    'runs.get': ({ run }) => runs.get(run),
    'runs.find': ({ name }) => runs.find(name),
    'runs.start': ({ recipe, name }) => actions.start(recipe, name),
    'runs.pause': ({ run }) => actions.pause(run),
    'runs.continue': ({ run }) => actions.continue(run),
    'runs.stop': ({ run }) => actions.stop(run),
    'runs.fork': ({ run, step, recipe, name }) => actions.fork(run, step, recipe, name),
    'runs.rename': ({ run, name }) => actions.rename(run, name),
    'runs.remove': ({ run }) => actions.remove(run),
    'runs.series': ({ run, columns, from, to, points }) => {
      runs.require(run);
      return runs.metrics.series({ run, from, to, points }, columns);
    },
    'runs.evaluations': ({ run }) => {
      runs.require(run);
      return listEvaluations(store, run);
    },
    'runs.snapshots': ({ run, last }) => {
      runs.require(run);
      return lastSnapshots(store, run, last);
    },
    'runs.batch': ({ run, step }) => batches.view(run, step),
    'runs.export': (input, { signal }) => exporter.export(input, signal),
  };
}
