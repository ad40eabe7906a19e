import type { PackLocation } from '../datasets/pack.ts';
import type { Reader, Writer } from './database.ts';
import type { PackName } from './files.ts';

const used: Readonly<Record<PackName, string>> = {
  crops: `SELECT 1 FROM face f WHERE f.crop = b.hash
    UNION ALL SELECT 1 FROM benchmark_image i WHERE i.crop = b.hash`,
  thumbnails: 'SELECT 1 FROM photo p WHERE p.hash = b.hash',
  originals: `SELECT 1 FROM photo p WHERE p.hash = b.hash AND p.path IS NULL
    UNION ALL SELECT 1 FROM benchmark_image i WHERE i.hash = b.hash AND i.path IS NULL`,
};

/** Blobs that nothing refers to any more. */
export function orphanBlobs(reader: Reader, pack: PackName): (PackLocation & { readonly hash: string })[] {
  // Versions keep crops that were cut anew since. NOT IN reads their items once.
  const versions = pack === 'crops' ? 'AND b.hash NOT IN (SELECT i.crop FROM version_item i)' : '';
  return reader.all(
    `SELECT b.hash, b.file, b.offset, b.length FROM blob b
     WHERE b.pack = ? AND NOT EXISTS (${used[pack]}) ${versions}`,
    [pack],
  );
}

/** Crops that have an embedding and that nothing refers to any more, by model. */
export function orphanRows(reader: Reader): { readonly model: string; readonly crops: readonly string[] }[] {
  const rows = reader.all<{ model: string; crop: string }>(
    `SELECT e.model, e.crop FROM embedding e WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.crop = e.crop)
     AND NOT EXISTS (SELECT 1 FROM benchmark_image i WHERE i.crop = e.crop)`,
  );
  return [...Map.groupBy(rows, (row) => row.model)].map(([model, all]) => ({
    model,
    crops: all.map((row) => row.crop),
  }));
}

/** Of the first `rows` rows of a model's file, those that are no crop's. */
export function unusedRows(reader: Reader, model: string, rows: number): number[] {
  const used = new Set(
    reader.all<{ row: number }>('SELECT row FROM embedding WHERE model = ?', [model]).map(({ row }) => row),
  );
  return Array.from({ length: rows }, (_, row) => row).filter((row) => !used.has(row));
}

/** Every blob of a pack in the order of their places. */
export function blobPlaces(reader: Reader, pack: PackName): PackLocation[] {
  return reader.all('SELECT file, offset, length FROM blob WHERE pack = ? ORDER BY file, offset', [pack]);
}

export function forgetRows(writer: Writer, model: string, crops: readonly string[]): void {
  for (const crop of crops) writer.run('DELETE FROM embedding WHERE model = ? AND crop = ?', [model, crop]);
}

/** People who have no face left, and clusters without faces. */
export function removeOrphanPeople(writer: Writer): void {
  writer.run('DELETE FROM person WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.person_id = person.id)');
  writer.run('DELETE FROM cluster WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.cluster_id = cluster.id)');
}
