import { eraseDataset as eraseRows } from '../store/datasets.ts';
import { forgetBlob, type PackName } from '../store/files.ts';
import { clearJournal } from '../store/journal.ts';
import { forgetRows, orphanBlobs, orphanRows, removeOrphanPeople } from '../store/orphans.ts';
import type { Context } from './context.ts';

const eraseOrder: readonly PackName[] = ['crops', 'thumbnails', 'originals'];

/**
 * Deletes a dataset for good: its rows, and the pictures and embeddings that no other dataset uses, which are
 * overwritten on the disk. The journal goes too, since it remembers names. Originals outside the data folder stay.
 */
export async function eraseDataset(context: Context, dataset: number): Promise<void> {
  const { store, library } = context;
  store.write((writer) => {
    eraseRows(writer, dataset);
    removeOrphanPeople(writer);
    clearJournal(writer);
  });
  for (const { model, size, rows, crops } of orphanRows(store)) {
    await library.zeroRows(model, size, rows);
    store.write((writer) => forgetRows(writer, model, crops));
  }
  for (const pack of eraseOrder) {
    const blobs = orphanBlobs(store, pack);
    await library.zero(pack, blobs);
    store.write((writer) => {
      for (const { hash } of blobs) forgetBlob(writer, pack, hash);
    });
  }
  store.compact();
}
