import type { LeakReport } from '../../core/contract/evaluations.ts';
import type { Reader, Writer } from './database.ts';

/** What was found of a benchmark and a version. */
export interface StoredLeaks {
  readonly benchmarkHash: string;
  readonly report: LeakReport;
  /** By position: 1 where the picture is in the version, 2 where its person is. [images] */
  readonly images: Uint8Array;
}

export function saveLeaks(
  writer: Writer,
  found: StoredLeaks & { readonly version: number; readonly model: string },
): void {
  const { report, version, model, benchmarkHash, images } = found;
  writer.run(
    `INSERT INTO leak (benchmark_id, benchmark_hash, version_hash, version_id, model, report, images)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (benchmark_id, version_hash, model) DO UPDATE SET benchmark_hash = excluded.benchmark_hash,
       version_id = excluded.version_id, report = excluded.report, images = excluded.images`,
    [report.benchmark, benchmarkHash, report.version.hash, version, model, JSON.stringify(report), images],
  );
}

/** What was found last by a model; null where nobody looked. */
export function getLeaks(
  reader: Reader,
  benchmark: number,
  versionHash: string,
  model: string,
): StoredLeaks | null {
  const row = reader.get<{ benchmark_hash: string; report: string; images: Uint8Array }>(
    'SELECT benchmark_hash, report, images FROM leak WHERE benchmark_id = ? AND version_hash = ? AND model = ?',
    [benchmark, versionHash, model],
  );
  if (row === undefined) return null;
  return {
    benchmarkHash: row.benchmark_hash,
    report: JSON.parse(row.report),
    images: new Uint8Array(row.images),
  };
}

/** Forgets what was found with a version; what is told of it has crops of its pictures. */
export function forgetVersionLeaks(writer: Writer, version: number): void {
  writer.run('DELETE FROM leak WHERE version_id = ?', [version]);
}

/** Crops of a version that are a benchmark's, too. */
export function sharedCrops(reader: Reader, benchmark: number, version: number): Set<string> {
  const rows = reader.all<{ crop: string }>(
    `SELECT DISTINCT i.crop FROM version_item v CROSS JOIN benchmark_image i ON i.crop = v.crop
     WHERE v.version_id = ? AND i.benchmark_id = ?`,
    [version, benchmark],
  );
  return new Set(rows.map(({ crop }) => crop));
}

/** By the hash of a photograph that both have, a crop of the version that was cut from it. */
export function sharedOriginals(
  reader: Reader,
  benchmark: number,
  version: number,
): ReadonlyMap<string, string> {
  const rows = reader.all<{ hash: string; crop: string }>(
    `SELECT p.hash, v.crop FROM version_item v CROSS JOIN face f ON f.crop = v.crop
     CROSS JOIN photo p ON p.id = f.photo_id
     CROSS JOIN benchmark_image i ON i.hash = p.hash
     WHERE v.version_id = ? AND i.benchmark_id = ?`,
    [version, benchmark],
  );
  return new Map(rows.map(({ hash, crop }) => [hash, crop]));
}

/** The hash of each picture's original, by position; null where it is not known. */
export function originalHashes(reader: Reader, benchmark: number): (string | null)[] {
  return reader
    .all<{ hash: string | null }>(
      'SELECT hash FROM benchmark_image WHERE benchmark_id = ? ORDER BY position',
      [benchmark],
    )
    .map(({ hash }) => hash);
}
