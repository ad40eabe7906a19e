import type { Reader, Writer } from './database.ts';

/** Where a blob lies: the number of the pack's file, and the bytes in it. */
export interface BlobPlace {
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

export type PackName = 'crops' | 'thumbnails' | 'originals';

export function findBlob(reader: Reader, pack: PackName, hash: string): BlobPlace | null {
  const sql = 'SELECT file, offset, length FROM blob WHERE pack = ? AND hash = ?';
  return reader.get<BlobPlace>(sql, [pack, hash]) ?? null;
}

/** Notes a blob that was appended and flushed, and how far its file is now committed. */
export function addBlob(writer: Writer, pack: PackName, hash: string, place: BlobPlace): void {
  writer.run('INSERT INTO blob (pack, hash, file, offset, length) VALUES (?, ?, ?, ?, ?)', [
    pack,
    hash,
    place.file,
    place.offset,
    place.length,
  ]);
  writer.run(
    `INSERT INTO pack_file (pack, file, length) VALUES (?, ?, ?)
     ON CONFLICT (pack, file) DO UPDATE SET length = max(length, excluded.length)`,
    [pack, place.file, place.offset + place.length],
  );
}

/** Committed length of each of the pack's files, by the file's number. */
export function committedFiles(
  reader: Reader,
  pack: PackName,
): { readonly file: number; readonly length: number }[] {
  return reader.all('SELECT file, length FROM pack_file WHERE pack = ? ORDER BY file', [pack]);
}

export function committedRows(reader: Reader, model: string): number {
  return reader.get<{ rows: number }>('SELECT rows FROM vector_file WHERE model = ?', [model])?.rows ?? 0;
}

export function vectorModels(
  reader: Reader,
): { readonly model: string; readonly size: number; readonly rows: number }[] {
  return reader.all('SELECT model, size, rows FROM vector_file');
}

/** Notes embeddings that were appended: the crop of each, in the order of their rows from `firstRow` on. */
export function addEmbeddings(
  writer: Writer,
  model: string,
  size: number,
  firstRow: number,
  crops: readonly string[],
): void {
  for (const [index, crop] of crops.entries()) {
    writer.run('INSERT OR REPLACE INTO embedding (model, crop, row) VALUES (?, ?, ?)', [
      model,
      crop,
      firstRow + index,
    ]);
  }
  writer.run(
    `INSERT INTO vector_file (model, size, rows) VALUES (?, ?, ?) ON CONFLICT (model) DO UPDATE SET rows = excluded.rows`,
    [model, size, firstRow + crops.length],
  );
}
