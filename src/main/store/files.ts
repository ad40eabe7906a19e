import type { PackEnd, PackLocation } from '../datasets/pack.ts';
import type { Reader, Writer } from './database.ts';

export type PackName = 'crops' | 'thumbnails' | 'originals';

export function findBlob(reader: Reader, pack: PackName, hash: string): PackLocation | null {
  const sql = 'SELECT file, offset, length FROM blob WHERE pack = ? AND hash = ?';
  return reader.get<PackLocation>(sql, [pack, hash]) ?? null;
}

/** Notes a blob that was appended and flushed; of the same content the first stays. */
export function addBlob(writer: Writer, pack: PackName, hash: string, place: PackLocation): void {
  writer.run('INSERT OR IGNORE INTO blob (pack, hash, file, offset, length) VALUES (?, ?, ?, ?, ?)', [
    pack,
    hash,
    place.file,
    place.offset,
    place.length,
  ]);
}

export function forgetBlob(writer: Writer, pack: PackName, hash: string): void {
  writer.run('DELETE FROM blob WHERE pack = ? AND hash = ?', [pack, hash]);
}

/** Up to where the pack is committed; what lies behind is cut off when it is opened. Null: nothing was. */
export function packEnd(reader: Reader, pack: PackName): PackEnd | null {
  return reader.get<PackEnd>('SELECT file, offset FROM pack_end WHERE pack = ?', [pack]) ?? null;
}

export function setPackEnd(writer: Writer, pack: PackName, end: PackEnd): void {
  writer.run(
    `INSERT INTO pack_end (pack, file, offset) VALUES (?, ?, ?)
     ON CONFLICT (pack) DO UPDATE SET file = excluded.file, offset = excluded.offset
     WHERE (excluded.file, excluded.offset) > (file, offset)`,
    [pack, end.file, end.offset],
  );
}

export function committedRows(reader: Reader, model: string): number {
  return reader.get<{ rows: number }>('SELECT rows FROM vector_file WHERE model = ?', [model])?.rows ?? 0;
}

export function vectorModels(reader: Reader): {
  readonly model: string;
  readonly size: number;
  readonly rows: number;
  /** SHA-256 of the file of the model; null where it was not noted. */
  readonly modelHash: string | null;
}[] {
  return reader.all('SELECT model, size, rows, model_hash AS modelHash FROM vector_file');
}

/** Notes of which file the embeddings are, where that was not noted. */
export function noteModelHash(writer: Writer, model: string, hash: string): void {
  writer.run('UPDATE vector_file SET model_hash = ? WHERE model = ? AND model_hash IS NULL', [hash, model]);
}

/**
 * Notes embeddings that were appended and flushed: the crop of each, in the order of their rows from `first` on;
 * `rows` is how many the file now holds; `modelHash` is of the model's file.
 */
export function addEmbeddings(
  writer: Writer,
  model: string,
  width: number,
  place: { readonly first: number; readonly rows: number },
  crops: readonly string[],
  modelHash: string | null = null,
): void {
  for (const [index, crop] of crops.entries()) {
    writer.run('INSERT OR REPLACE INTO embedding (model, crop, row) VALUES (?, ?, ?)', [
      model,
      crop,
      place.first + index,
    ]);
  }
  writer.run(
    `INSERT INTO vector_file (model, size, rows, model_hash) VALUES (?, ?, ?, ?)
     ON CONFLICT (model) DO UPDATE SET rows = max(rows, excluded.rows),
       model_hash = coalesce(model_hash, excluded.model_hash)`,
    [model, width, place.rows, modelHash],
  );
}

/** Forgets a model's embeddings and how long their file was. */
export function forgetModelRows(writer: Writer, model: string): void {
  writer.run('DELETE FROM embedding WHERE model = ?', [model]);
  writer.run('DELETE FROM vector_file WHERE model = ?', [model]);
}
