import type { PackLocation } from '../datasets/pack.ts';
import type { Reader, Writer } from './database.ts';
import type { PackName } from './files.ts';

const used: Readonly<Record<PackName, string>> = {
  crops: 'SELECT 1 FROM face f WHERE f.crop = b.hash',
  thumbnails: 'SELECT 1 FROM photo p WHERE p.hash = b.hash',
  originals: 'SELECT 1 FROM photo p WHERE p.hash = b.hash AND p.path IS NULL',
};

/** Blobs that nothing refers to any more. */
export function orphanBlobs(reader: Reader, pack: PackName): (PackLocation & { readonly hash: string })[] {
  return reader.all(
    `SELECT b.hash, b.file, b.offset, b.length FROM blob b WHERE b.pack = ? AND NOT EXISTS (${used[pack]})`,
    [pack],
  );
}

/** Embeddings of crops that nothing refers to any more, by model. */
export function orphanRows(reader: Reader): {
  readonly model: string;
  readonly size: number;
  readonly rows: readonly number[];
  readonly crops: readonly string[];
}[] {
  const rows = reader.all<{ model: string; crop: string; row: number; size: number }>(
    `SELECT e.model, e.crop, e.row, v.size FROM embedding e JOIN vector_file v ON v.model = e.model
     WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.crop = e.crop)`,
  );
  return [...Map.groupBy(rows, (row) => row.model)].map(([model, all]) => ({
    model,
    size: all[0]?.size ?? 0,
    rows: all.map((row) => row.row),
    crops: all.map((row) => row.crop),
  }));
}

export function forgetRows(writer: Writer, model: string, crops: readonly string[]): void {
  for (const crop of crops) writer.run('DELETE FROM embedding WHERE model = ? AND crop = ?', [model, crop]);
}

/** People who have no face left, and clusters without faces. */
export function removeOrphanPeople(writer: Writer): void {
  writer.run('DELETE FROM person WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.person_id = person.id)');
  writer.run('DELETE FROM cluster WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.cluster_id = cluster.id)');
}
