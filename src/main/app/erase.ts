import { error } from '../../core/base/errors.ts';
import { forgetDatasetImages } from '../store/benchmark-images.ts';
import { removeBenchmark } from '../store/benchmarks.ts';
import { eraseDataset as eraseRows, getSource } from '../store/datasets.ts';
import { forgetBlob, type PackName, vectorModels } from '../store/files.ts';
import { clearJournal } from '../store/journal.ts';
import { forgetVersionLeaks } from '../store/leaks.ts';
import { forgetRows, orphanBlobs, orphanRows, removeOrphanPeople, unusedRows } from '../store/orphans.ts';
import { getValue, setValue } from '../store/settings.ts';
import { forgetDatasetItems, versionsOfDataset } from '../store/versions.ts';
import { countBenchmark } from './benchmarks.ts';
import type { Context } from './context.ts';

const eraseOrder: readonly PackName[] = ['crops', 'thumbnails', 'originals'];

/** Set while something is erased, so that the next start finishes what a crash broke off. */
const mark = 'erasing';

type Needs = Pick<Context, 'store' | 'library' | 'uploads'>;

/**
 * Deletes a dataset for good: its rows, and the pictures and embeddings that no other dataset uses, which are
 * overwritten on the disk. Dataset versions lose its pictures, and the names of whom they have no picture any more;
 * benchmarks lose those that were drawn from it. The journal goes too, since it remembers names. Originals outside the data folder stay. No job may run meanwhile, but
 * trainings that use none of its pictures.
 */
export async function eraseDataset(context: Needs, dataset: number): Promise<void> {
  const { store } = context;
  const uploads = getSource(store, dataset)?.sources.flat() ?? [];
  store.write((writer) => {
    setValue(writer, mark, 'yes');
    for (const version of versionsOfDataset(writer, dataset)) forgetVersionLeaks(writer, version);
    forgetDatasetItems(writer, dataset);
    const touched = forgetDatasetImages(writer, dataset, error('benchmark/erased').info);
    for (const benchmark of touched) countBenchmark(writer, benchmark);
    eraseRows(writer, dataset);
    removeOrphanPeople(writer);
    clearJournal(writer);
  });
  await context.uploads.discard(uploads);
  await overwriteOrphans(context);
}

/**
 * Forgets a benchmark; crops, originals and embeddings that nothing else uses are overwritten on the disk. The journal
 * keeps what it has: marks of this benchmark can't be taken back any more. No job may run meanwhile.
 */
export async function eraseBenchmark(context: Needs, benchmark: number): Promise<void> {
  context.store.write((writer) => {
    setValue(writer, mark, 'yes');
    removeBenchmark(writer, benchmark);
  });
  await overwriteOrphans(context);
}

/** Finishes what was broken off when the application ended while it erased. */
export async function finishErasing(context: Needs): Promise<void> {
  if (getValue(context.store, mark) === 'yes') await overwriteOrphans(context);
}

async function overwriteOrphans({ store, library }: Needs): Promise<void> {
  for (const { model, crops } of orphanRows(store)) {
    store.write((writer) => forgetRows(writer, model, crops));
  }
  for (const { model, size, rows } of vectorModels(store)) {
    // All rows that nothing names: also those that were computed twice.
    await library.zeroRows(model, size, unusedRows(store, model, rows));
  }
  for (const pack of eraseOrder) {
    const blobs = orphanBlobs(store, pack);
    await library.zero(pack, blobs);
    store.write((writer) => {
      for (const { hash } of blobs) forgetBlob(writer, pack, hash);
    });
    await library.zeroGaps(pack);
  }
  store.write((writer) => setValue(writer, mark, ''));
  store.compact();
}
