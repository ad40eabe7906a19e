import type { Benchmark, BenchmarkAlignment, BenchmarkKind } from '../../core/contract/benchmarks.ts';
import type { Reader, Writer } from './database.ts';

/** What was counted of a benchmark when it was read. */
export type BenchmarkFigures = Pick<
  Benchmark,
  'images' | 'problems' | 'people' | 'pairs' | 'samePairs' | 'lostPairs' | 'folds' | 'groups'
>;

/** A benchmark as it is stored; its job is known by its number. */
export interface StoredBenchmark extends Omit<Benchmark, 'job'> {
  readonly jobId: number | null;
  /** Where the pictures are, if not beside the list. */
  readonly imagesSource: string | null;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly kind: BenchmarkKind;
  readonly format: string;
  readonly title: string;
  readonly source: string;
  readonly images_source: string | null;
  readonly alignment: BenchmarkAlignment;
  readonly created_at: number;
  readonly hash: string | null;
  readonly figures: string;
  readonly job_id: number | null;
  readonly marked: number;
}

const select = `SELECT b.*, (SELECT count(*) FROM benchmark_mark m WHERE m.benchmark_id = b.id) AS marked
  FROM benchmark b`;

/** What is known before anything was read. */
export const noFigures: BenchmarkFigures = {
  ...{ images: 0, problems: 0, people: null, pairs: 0, samePairs: 0, lostPairs: 0, folds: null },
  groups: [],
};

function fromRow(row: Row): StoredBenchmark {
  const { id, name, kind, format, title, source, alignment, hash, marked } = row;
  const figures: BenchmarkFigures = JSON.parse(row.figures);
  return {
    ...{ id, name, kind, format, title, source, alignment, hash, marked },
    ...figures,
    createdAt: row.created_at,
    imagesSource: row.images_source,
    jobId: row.job_id,
  };
}

/** The newest first. */
export function listBenchmarks(reader: Reader): StoredBenchmark[] {
  return reader.all<Row>(`${select} ORDER BY b.id DESC`).map(fromRow);
}

export function getBenchmark(reader: Reader, id: number): StoredBenchmark | null {
  const row = reader.get<Row>(`${select} WHERE b.id = ?`, [id]);
  return row === undefined ? null : fromRow(row);
}

export function benchmarkByName(reader: Reader, name: string): StoredBenchmark | null {
  const row = reader.get<Row>(`${select} WHERE b.name = ?`, [name]);
  return row === undefined ? null : fromRow(row);
}

/** The first benchmarks whose hash starts so, by age. */
export function benchmarksByHash(reader: Reader, start: string): StoredBenchmark[] {
  return reader
    .all<Row>(`${select} WHERE substr(b.hash, 1, ?) = ? ORDER BY b.id LIMIT 10`, [start.length, start])
    .map(fromRow);
}

/** Hashes of the benchmarks that have pictures which were drawn from a dataset. */
export function benchmarksOfDataset(reader: Reader, dataset: number): string[] {
  return reader
    .all<{ hash: string }>(
      `SELECT b.hash FROM benchmark b WHERE b.hash IS NOT NULL AND b.id IN
         (SELECT i.benchmark_id FROM benchmark_image i WHERE i.dataset_id = ?)`,
      [dataset],
    )
    .map(({ hash }) => hash);
}

export function addBenchmark(
  writer: Writer,
  made: Pick<
    StoredBenchmark,
    'name' | 'kind' | 'format' | 'title' | 'source' | 'imagesSource' | 'alignment' | 'createdAt'
  >,
): number {
  const { name, kind, format, title, source, imagesSource, alignment, createdAt } = made;
  return writer.run(
    `INSERT INTO benchmark (name, kind, format, title, source, images_source, alignment, created_at, figures)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [name, kind, format, title, source, imagesSource, alignment, createdAt, JSON.stringify(noFigures)],
  ).id;
}

export function setBenchmarkJob(writer: Writer, id: number, job: number): void {
  writer.run('UPDATE benchmark SET job_id = ? WHERE id = ?', [job, id]);
}

/** `hash` null: its pictures are not all in. */
export function setBenchmarkFigures(
  writer: Writer,
  id: number,
  figures: BenchmarkFigures,
  hash: string | null,
): void {
  writer.run('UPDATE benchmark SET figures = ?, hash = ? WHERE id = ?', [JSON.stringify(figures), hash, id]);
}

export function renameBenchmark(writer: Writer, id: number, name: string): void {
  writer.run('UPDATE benchmark SET name = ? WHERE id = ?', [name, id]);
}

/** Takes its pictures, list, marks and leaks along; results keep its name and hash. */
export function removeBenchmark(writer: Writer, id: number): void {
  writer.run('DELETE FROM benchmark WHERE id = ?', [id]);
}
