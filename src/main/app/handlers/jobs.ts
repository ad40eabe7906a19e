import type { Context } from '../context.ts';
import type { JobQueue } from '../queue.ts';
import { type AlignInput, alignAgain } from '../work/align.ts';
import { requireDataset } from './datasets.ts';
import type { Part } from './part.ts';

export function jobHandlers(context: Context, queue: JobQueue): Part<'jobs' | 'align' | 'embed' | 'cluster'> {
  const titleOf = (datasets: readonly number[] | null): string => {
    if (datasets === null) return 'all faces';
    // Every one of them, so that an unknown one is an error instead of nothing to do.
    return datasets.map((dataset) => requireDataset(context, dataset).name).join(', ');
  };
  const only = (datasets: readonly number[] | null): number | null =>
    datasets?.length === 1 ? (datasets[0] ?? null) : null;
  return {
    'jobs.list': ({ active }) => queue.list(active),
    'jobs.get': ({ job }) => queue.get(job),
    'jobs.pause': ({ job }) => queue.pause(job),
    'jobs.cancel': ({ job }) => queue.cancel(job),
    'jobs.continue': ({ job }) => queue.continue(job),
    'jobs.wait': ({ job }, { signal }) => queue.wait(job, signal),
    'jobs.clear': () => queue.clear(),
    'align.start': ({ dataset, detector, solver, minFace, again }) => {
      const { name } = requireDataset(context, dataset);
      const { card } = context.shelf.detector(detector);
      const input: AlignInput = { dataset, detector: card.id, solver, minFace };
      if (again) alignAgain(context, dataset);
      return queue.add({
        kind: 'align',
        title: `Align ${name}`,
        datasetId: dataset,
        input,
        unit: 'photographs',
      });
    },
    'embed.start': ({ datasets, model, after }) => {
      const input = { datasets, model: context.shelf.embedding(model).card.id };
      const title = `Embed ${titleOf(datasets)}`;
      return queue.add({ kind: 'embed', title, datasetId: only(datasets), input, after, unit: 'faces' });
    },
    'cluster.start': ({ datasets, model, threshold, after }) => {
      const { card } = context.shelf.embedding(model);
      const input = { datasets, model: card.id, threshold };
      const title = `Find people in ${titleOf(datasets)}`;
      return queue.add({ kind: 'cluster', title, datasetId: only(datasets), input, after, unit: 'faces' });
    },
  };
}
