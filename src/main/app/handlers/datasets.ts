import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { error } from '../../../core/base/errors.ts';
import type { Dataset } from '../../../core/contract/datasets.ts';
import { previewImport } from '../../datasets/preview.ts';
import { addDataset, addSources, findDataset, getDataset, listDatasets } from '../../store/datasets.ts';
import { record } from '../../store/journal.ts';
import { countQueue, getPhoto, pagePhotos } from '../../store/photos.ts';
import { abortSignal } from '../abort.ts';
import type { Context } from '../context.ts';
import { eraseDataset } from '../erase.ts';
import type { JobQueue } from '../queue.ts';
import { runReading } from '../training-data.ts';
import type { ImportInput } from '../work/import.ts';
import type { Part } from './part.ts';

const uploadMark = 'upload:';

/** A dataset by id. Error: `dataset/unknown`. */
export function requireDataset(context: Context, dataset: number): Dataset {
  const found = getDataset(context.store, context.shelf.embedding(null).card.id, dataset);
  if (found === null) throw error('dataset/unknown', { dataset });
  return presentable(context, found);
}

/** Folders of uploads are the application's own business. */
function presentable(context: Context, dataset: Dataset): Dataset {
  const source = dataset.source.replaceAll(/[^,]+/g, (path) => {
    const inside = relative(context.uploads.root, path.trim());
    return inside.startsWith('..') || isAbsolute(inside) ? path : ' sent from a browser';
  });
  return { ...dataset, source: source.trim() };
}

/** Paths of the machine, and one of what was uploaded. Errors: `import/not-found`, `upload/unknown`. */
async function resolvePaths(context: Context, paths: readonly string[]): Promise<string[]> {
  const uploads = paths
    .filter((path) => path.startsWith(uploadMark))
    .map((path) => path.slice(uploadMark.length));
  const local = paths.filter((path) => !path.startsWith(uploadMark)).map((path) => resolve(path));
  for (const path of local) {
    await stat(path).catch((thrown: unknown) => {
      throw error('import/not-found', { path }, thrown);
    });
  }
  return uploads.length === 0 ? local : [...local, await context.uploads.gather(uploads)];
}

export function datasetHandlers(context: Context, queue: JobQueue): Part<'datasets' | 'photos'> {
  const { store, events } = context;
  const setRemoved = (dataset: number, removed: boolean): void => {
    const { name } = requireDataset(context, dataset);
    const taken = findDataset(store, name);
    if (!removed && taken !== null && taken !== dataset) throw error('dataset/exists', { name });
    const title = `${removed ? 'Removed' : 'Restored'} dataset “${name}”`;
    store.write((writer) =>
      record(writer, title, context.now(), (recorder) =>
        recorder.update('dataset', [dataset], { removed: removed ? 1 : 0 }),
      ),
    );
    events.changed('datasets', 'faces', 'people', 'clusters', 'journal');
  };
  return {
    'datasets.list': ({ removed }) =>
      listDatasets(store, context.shelf.embedding(null).card.id, removed).map((row) =>
        presentable(context, row),
      ),
    'datasets.get': ({ dataset }) => requireDataset(context, dataset),
    'datasets.find': ({ name }) => {
      const found = findDataset(store, name);
      if (found === null) throw error('dataset/unknown', { dataset: `“${name}”` });
      return requireDataset(context, found);
    },
    'datasets.import': async ({ paths, name, kind, copy, aligned }) => {
      const uploaded = paths.some((path) => path.startsWith(uploadMark));
      const sources = await resolvePaths(context, paths);
      const at = context.now();
      const input = store.write((writer): ImportInput => {
        const dataset = findDataset(writer, name) ?? addDataset(writer, name, at);
        // What was uploaded is deleted after the import, so that copies are needed.
        return {
          dataset,
          source: addSources(writer, dataset, sources),
          kind,
          copy: copy || uploaded,
          aligned,
        };
      });
      const { dataset } = input;
      events.changed('datasets');
      const title = `Import ${name}`;
      const job = queue.add({ kind: 'import', title, datasetId: dataset, input, unit: 'files' });
      return { dataset, job };
    },
    'datasets.preview': ({ paths, kind }, { signal }) => {
      const places = paths.map((path) => resolve(path));
      return previewImport(places, kind, abortSignal(signal));
    },
    'datasets.rename': ({ dataset, name }) => {
      const before = requireDataset(context, dataset).name;
      const taken = findDataset(store, name);
      if (taken !== null && taken !== dataset) throw error('dataset/exists', { name });
      store.write((writer) =>
        record(writer, `Renamed dataset “${before}” to “${name}”`, context.now(), (recorder) =>
          recorder.update('dataset', [dataset], { name }),
        ),
      );
      events.changed('datasets', 'journal');
    },
    'datasets.remove': ({ dataset }) => setRemoved(dataset, true),
    'datasets.restore': ({ dataset }) => setRemoved(dataset, false),
    'datasets.erase': async ({ dataset }) => {
      const { name, removed } = requireDataset(context, dataset);
      if (!removed) throw error('dataset/not-removed', { name });
      const run = runReading(store, dataset);
      if (run !== null) throw error('dataset/in-training', { name, run: run.name });
      const resume = await queue.release(dataset);
      try {
        await eraseDataset(context, dataset);
        context.recogniser.renew(); // it has embeddings in memory
      } finally {
        resume();
      }
      events.changed('datasets', 'photos', 'faces', 'people', 'clusters', 'journal', 'versions');
    },
    'photos.page': ({ offset, limit, ...filter }) => ({
      offset,
      ...pagePhotos(store, filter, offset, limit),
    }),
    'photos.get': ({ photo }) => {
      const found = getPhoto(store, photo);
      if (found === null) throw error('photo/unknown', { photo });
      return found;
    },
    'photos.queue': ({ dataset }) => countQueue(store, dataset),
    'photos.review': ({ photos, reviewed }) => {
      const title = `${reviewed ? 'Reviewed' : 'Queued'} ${photos.length} ${photos.length === 1 ? 'photograph' : 'photographs'}`;
      store.write((writer) =>
        record(writer, title, context.now(), (recorder) =>
          recorder.update('photo', photos, { reviewed: reviewed ? 1 : 0 }),
        ),
      );
      events.changed('photos', 'journal');
    },
  };
}
