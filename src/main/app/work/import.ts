import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { error } from '../../../core/base/errors.ts';
import { sourceKinds } from '../../../core/contract/datasets.ts';
import type { ImportedItem, ImportHost, ImportSetup } from '../../jobs/import.ts';
import { getSource } from '../../store/datasets.ts';
import { putPhoto, unchanged } from '../../store/photos.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';

export const importInput = z.object({
  dataset: z.int(),
  /** Which of the dataset's imports. */
  source: z.int(),
  kind: z.enum(sourceKinds),
  copy: z.boolean(),
});
export type ImportInput = z.infer<typeof importInput>;

const thumbnailSide = 256;

/** Saves what a worker reads out of a dataset's sources. Continuing passes over what is stored already. */
export function importRunner(context: Context): JobRunner {
  return async (job, report) => {
    const { dataset, source, kind, copy } = importInput.parse(JSON.parse(job.input));
    const paths = getSource(context.store, dataset)?.sources[source];
    if (paths === undefined) throw error('dataset/unknown', { dataset });
    const { store, library, events } = context;
    const save = async (items: readonly ImportedItem[]): Promise<void> => {
      const batch = library.batch();
      for (const { hash, thumbnail, original } of items) {
        if (hash === null) continue;
        // The thumbnail is filed under the photograph's hash, not its own.
        if (thumbnail !== null) await batch.add('thumbnails', thumbnail, hash);
        if (original !== null) await batch.add('originals', original, hash);
      }
      await batch.commit((writer) => {
        for (const item of items) putPhoto(writer, dataset, item);
      });
      events.changed('photos', 'datasets');
    };
    const host: ImportHost = {
      unchanged: async (items) => unchanged(store, dataset, items, copy),
      save,
    };
    const setup: ImportSetup = {
      paths,
      // Keys of a later import must not meet those of the first.
      prefix: source === 0 ? '' : `import ${source + 1}/`,
      kind,
      copy,
      thumbnailSide,
      concurrency: availableParallelism(),
    };
    const summary = await runJob({
      entry: context.workerEntry,
      kind: 'import',
      setup,
      host: { ...host },
      signal: report.signal,
      onProgress: report.progress,
      onLog: report.log,
    });
    await context.uploads.discard(paths);
    return summary;
  };
}
