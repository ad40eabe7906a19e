import type { Reader } from './database.ts';

/** A benchmark's pictures in columns, by their positions: what measuring and comparing walk through. */
export interface ImageColumns {
  readonly crops: readonly (string | null)[];
  readonly people: readonly (string | null)[];
  readonly groups: readonly (string | null)[];
  /** Detector's scores; null where the list has none. */
  readonly weights: readonly (number | null)[];
}

/** Whole columns: a million pictures take a few hundred megabytes. */
export function imageColumns(reader: Reader, benchmark: number): ImageColumns {
  const rows = reader.all<{
    crop: string | null;
    person: string | null;
    grp: string | null;
    weight: number | null;
  }>('SELECT crop, person, grp, weight FROM benchmark_image WHERE benchmark_id = ? ORDER BY position', [
    benchmark,
  ]);
  return {
    crops: rows.map(({ crop }) => crop),
    people: rows.map(({ person }) => person),
    groups: rows.map(({ grp }) => grp),
    weights: rows.map(({ weight }) => weight),
  };
}

/** Crops of a benchmark behind `after` that the model has not embedded, in their order; every crop once. */
export function missingBenchmarkCrops(
  reader: Reader,
  model: string,
  benchmark: number,
  after: string,
  limit: number,
): string[] {
  return reader
    .all<{ crop: string }>(
      `SELECT DISTINCT i.crop FROM benchmark_image i WHERE i.benchmark_id = ? AND i.crop > ?
       AND NOT EXISTS (SELECT 1 FROM embedding e WHERE e.model = ? AND e.crop = i.crop) ORDER BY i.crop LIMIT ?`,
      [benchmark, after, model, limit],
    )
    .map(({ crop }) => crop);
}

/** The row of each picture's embedding by a model; −1 where it has no crop, or none that is embedded. [images] */
export function benchmarkRows(reader: Reader, model: string, benchmark: number): Int32Array {
  const rows = reader.all<{ row: number }>(
    `SELECT coalesce(e.row, -1) AS row FROM benchmark_image i
     LEFT JOIN embedding e ON e.model = ? AND e.crop = i.crop WHERE i.benchmark_id = ? ORDER BY i.position`,
    [model, benchmark],
  );
  return Int32Array.from(rows, ({ row }) => row);
}

/** Crops with where they lie in their pack, by position; null where there is none. */
export function benchmarkPlaces(
  reader: Reader,
  benchmark: number,
): readonly ({ readonly file: number; readonly offset: number; readonly length: number } | null)[] {
  const rows = reader.all<{ file: number | null; offset: number | null; length: number | null }>(
    `SELECT b.file, b.offset, b.length FROM benchmark_image i
     LEFT JOIN blob b ON b.pack = 'crops' AND b.hash = i.crop WHERE i.benchmark_id = ? ORDER BY i.position`,
    [benchmark],
  );
  return rows.map(({ file, offset, length }) =>
    file === null || offset === null || length === null ? null : { file, offset, length },
  );
}
