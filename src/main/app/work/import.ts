import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { error } from '../../../core/base/errors.ts';
import { sourceKinds } from '../../../core/contract/datasets.ts';
import type { ImportedItem, ImportHost, ImportSetup } from '../../jobs/import.ts';
import type { Writer } from '../../store/database.ts';
import { getSource } from '../../store/datasets.ts';
import { importedAligned, putPhoto, unchanged } from '../../store/photos.ts';
import { getSettings } from '../../store/settings.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';
import { saveAlignedPhoto } from './save-photo.ts';

export const importInput = z.object({
  dataset: z.int(),
  /** Which of the dataset's imports. */
  source: z.int(),
  kind: z.enum(sourceKinds),
  copy: z.boolean(),
  /** Absent in jobs of older versions. */
  aligned: z.boolean().default(false),
});
export type ImportInput = z.infer<typeof importInput>;

const thumbnailSide = 256;

/** Saves what a worker reads out of a dataset's sources. Continuing passes over what is stored already. */
export function importRunner(context: Context): JobRunner {
  return async (job, report) => {
    const { dataset, source, kind, copy, aligned } = importInput.parse(JSON.parse(job.input));
    const known = getSource(context.store, dataset);
    const paths = known?.sources[source];
    if (known === null || paths === undefined) throw error('dataset/unknown', { dataset });
    const { store, library, events } = context;
    const settings = getSettings(store);
    const put = (writer: Writer, item: ImportedItem): void => {
      const id = putPhoto(writer, dataset, item);
      if (item.face === null) return;
      const { label, width, height } = item;
      saveAlignedPhoto(
        writer,
        { id, label, width, height, datasetId: dataset, datasetName: known.name },
        { id, faces: [item.face], problem: null },
        { pipeline: importedAligned, solver: 'umeyama', settings, now: context.now() },
      );
    };
    const save = async (items: readonly ImportedItem[]): Promise<void> => {
      const batch = library.batch();
      for (const { hash, thumbnail, original, face } of items) {
        if (hash === null) continue;
        // The thumbnail is filed under the photograph's hash, not its own.
        if (thumbnail !== null) await batch.add('thumbnails', thumbnail, hash);
        if (original !== null) await batch.add('originals', original, hash);
        if (face !== null) await batch.add('crops', face.crop, face.cropHash);
      }
      await batch.commit((writer) => {
        for (const item of items) put(writer, item);
      });
      events.changed('photos', 'datasets', ...(aligned ? (['faces', 'people'] as const) : []));
    };
    const host: ImportHost = {
      unchanged: async (items) => unchanged(store, dataset, items, { copied: copy, aligned }),
      save,
    };
    const setup: ImportSetup = {
      paths,
      // Keys of a later import must not meet those of the first.
      prefix: source === 0 ? '' : `import ${source + 1}/`,
      kind,
      copy,
      aligned,
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
