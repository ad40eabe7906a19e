import type { ErrorInfo } from '../../core/base/errors.ts';
import type { BenchmarkImage } from '../../core/contract/benchmarks.ts';
import type { FaceQuality } from '../../core/contract/faces.ts';
import type { Box, Points5 } from '../../core/faces/types.ts';
import type { Reader, Value, Writer } from './database.ts';
import { likePattern } from './photos.ts';

/** A picture as the list names it. */
export interface ListedImage {
  readonly key: string;
  readonly person: string | null;
  readonly group: string | null;
  readonly box: Box | null;
  readonly points: Points5 | null;
  /** Detector's score, which weighs a template's pictures. */
  readonly weight: number | null;
}

/** Where a picture's bytes are kept. */
export interface KeptOriginal {
  /** SHA-256 of its bytes. */
  readonly hash: string | null;
  /** Null: in the pack of originals under its hash, if at all. */
  readonly path: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** What was made of a picture: a crop, or a problem. */
export type SeenImage = KeptOriginal &
  (
    | {
        readonly crop: string;
        readonly quality: FaceQuality;
        readonly points: Points5 | null;
        readonly box: Box | null;
        readonly problem: null;
      }
    | { readonly crop: null; readonly problem: ErrorInfo }
  );

interface Row {
  readonly position: number;
  readonly key: string;
  readonly person: string | null;
  readonly grp: string | null;
  readonly crop: string | null;
  readonly problem: string | null;
  readonly original: number;
  readonly overall: number | null;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  readonly yaw: number | null;
  readonly pitch: number | null;
  readonly roll: number | null;
}

const columns = `i.position, i.key, i.person, i.grp, i.crop, i.problem, i.overall, i.sharpness, i.brightness, i.yaw,
  i.pitch, i.roll, i.path IS NOT NULL OR EXISTS
    (SELECT 1 FROM blob b WHERE b.pack = 'originals' AND b.hash = i.hash) AS original`;

function fromRow(row: Row): BenchmarkImage {
  const { overall, sharpness, brightness, yaw, pitch, roll } = row;
  const measured =
    overall === null || sharpness === null || brightness === null
      ? null
      : { overall, sharpness, brightness, yaw: yaw ?? 0, pitch: pitch ?? 0, roll: roll ?? 0 };
  return {
    index: row.position,
    key: row.key,
    person: row.person,
    group: row.grp,
    crop: row.crop,
    problem: row.problem === null ? null : JSON.parse(row.problem),
    original: row.original === 1,
    quality: measured,
  };
}

/** Writes pictures of a list, the first of them at that position. */
export function addImages(
  writer: Writer,
  benchmark: number,
  first: number,
  images: readonly ListedImage[],
): void {
  for (const [index, { key, person, group, box, points, weight }] of images.entries()) {
    writer.run(
      `INSERT INTO benchmark_image (benchmark_id, position, key, person, grp, box, points, weight)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[benchmark, first + index, key, person, group],
        ...[box && JSON.stringify(box), points && JSON.stringify(points), weight],
      ],
    );
  }
}

export function clearImages(writer: Writer, benchmark: number): void {
  writer.run('DELETE FROM benchmark_image WHERE benchmark_id = ?', [benchmark]);
}

/** Notes what was made of a picture; `dataset`: what it was drawn from, where it was. */
export function setImage(
  writer: Writer,
  benchmark: number,
  position: number,
  seen: SeenImage,
  dataset: number | null = null,
): void {
  const { hash, path, width, height, crop, problem } = seen;
  const original: Value[] = [hash, path, width, height];
  const where: Value[] = [benchmark, position];
  if (crop === null) {
    writer.run(
      `UPDATE benchmark_image SET hash = ?, path = ?, width = ?, height = ?, crop = NULL, problem = ?, dataset_id = ?
       WHERE benchmark_id = ? AND position = ?`,
      [...original, JSON.stringify(problem), dataset, ...where],
    );
    return;
  }
  const { overall, sharpness, brightness, yaw, pitch, roll } = seen.quality;
  writer.run(
    `UPDATE benchmark_image SET hash = ?, path = ?, width = ?, height = ?, crop = ?, problem = NULL, dataset_id = ?,
       points = coalesce(?, points), box = coalesce(?, box),
       overall = ?, sharpness = ?, brightness = ?, yaw = ?, pitch = ?, roll = ?
     WHERE benchmark_id = ? AND position = ?`,
    [
      ...[...original, crop, dataset],
      ...[seen.points && JSON.stringify(seen.points), seen.box && JSON.stringify(seen.box)],
      ...[overall, sharpness, brightness, yaw, pitch, roll, ...where],
    ],
  );
}

export interface PendingImage extends ListedImage {
  readonly position: number;
}

/** The next pictures behind `after` that nobody has looked at, in their order. */
export function pendingImages(
  reader: Reader,
  benchmark: number,
  after: number,
  limit: number,
): PendingImage[] {
  const rows = reader.all<
    Omit<PendingImage, 'group' | 'box' | 'points'> & {
      grp: string | null;
      box: string | null;
      points: string | null;
    }
  >(
    `SELECT position, key, person, grp, box, points, weight FROM benchmark_image
     WHERE benchmark_id = ? AND position > ? AND crop IS NULL AND problem IS NULL ORDER BY position LIMIT ?`,
    [benchmark, after, limit],
  );
  return rows.map(({ grp, box, points, ...rest }) => ({
    ...rest,
    group: grp,
    box: box === null ? null : JSON.parse(box),
    points: points === null ? null : JSON.parse(points),
  }));
}

/** How many pictures there are, how many nobody has looked at, and how many have a problem. */
export function countImages(
  reader: Reader,
  benchmark: number,
): { readonly images: number; readonly pending: number; readonly problems: number } {
  const row = reader.get<{ images: number; pending: number; problems: number }>(
    `SELECT count(*) AS images, count(problem) AS problems,
       count(*) FILTER (WHERE crop IS NULL AND problem IS NULL) AS pending
     FROM benchmark_image WHERE benchmark_id = ?`,
    [benchmark],
  );
  return row ?? { images: 0, pending: 0, problems: 0 };
}

/** Positions of the pictures without a crop. */
export function problemPositions(reader: Reader, benchmark: number): number[] {
  return reader
    .all<{ position: number }>(
      'SELECT position FROM benchmark_image WHERE benchmark_id = ? AND problem IS NOT NULL',
      [benchmark],
    )
    .map(({ position }) => position);
}

/** How many different people the list names, null where it names nobody; and its groups in the order of their names. */
export function countNames(
  reader: Reader,
  benchmark: number,
): { readonly people: number | null; readonly groups: readonly string[] } {
  const row = reader.get<{ people: number }>(
    'SELECT count(DISTINCT person) AS people FROM benchmark_image WHERE benchmark_id = ?',
    [benchmark],
  );
  const groups = reader.all<{ grp: string }>(
    'SELECT DISTINCT grp FROM benchmark_image WHERE benchmark_id = ? AND grp IS NOT NULL ORDER BY grp',
    [benchmark],
  );
  const people = row?.people ?? 0;
  return { people: people === 0 ? null : people, groups: groups.map(({ grp }) => grp) };
}

export function pageImages(
  reader: Reader,
  filter: { readonly benchmark: number; readonly show: 'all' | 'problems'; readonly search: string },
  offset: number,
  limit: number,
): { total: number; items: BenchmarkImage[] } {
  const where = ['i.benchmark_id = ?'];
  const values: Value[] = [filter.benchmark];
  if (filter.show === 'problems') where.push('i.problem IS NOT NULL');
  if (filter.search !== '') {
    where.push(`(i.key LIKE ? ESCAPE '\\' OR i.person LIKE ? ESCAPE '\\')`);
    values.push(likePattern(filter.search), likePattern(filter.search));
  }
  const from = `FROM benchmark_image i WHERE ${where.join(' AND ')}`;
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n ${from}`, values)?.n ?? 0;
  const rows = reader.all<Row>(`SELECT ${columns} ${from} ORDER BY i.position LIMIT ? OFFSET ?`, [
    ...[...values, limit, offset],
  ]);
  return { total, items: rows.map(fromRow) };
}

/** Pictures by their positions, in that order; those that are not there are left out. */
export function imagesAt(reader: Reader, benchmark: number, positions: readonly number[]): BenchmarkImage[] {
  const rows = reader.all<Row>(
    `SELECT ${columns} FROM benchmark_image i
     WHERE i.benchmark_id = ? AND i.position IN (SELECT value FROM json_each(?))`,
    [benchmark, JSON.stringify(positions)],
  );
  const found = new Map(rows.map((row) => [row.position, fromRow(row)]));
  return positions.flatMap((position) => found.get(position) ?? []);
}

/** Where a picture's original is; null where there is no such picture. */
export function imageOrigin(
  reader: Reader,
  benchmark: number,
  position: number,
): { readonly key: string; readonly path: string | null; readonly hash: string | null } | null {
  return (
    reader.get('SELECT key, path, hash FROM benchmark_image WHERE benchmark_id = ? AND position = ?', [
      benchmark,
      position,
    ]) ?? null
  );
}

/**
 * Takes the pictures that were drawn from a dataset, which is about to be erased, out of the benchmarks, with the names of
 * whom they show. Gives the benchmarks that lost some.
 */
export function forgetDatasetImages(writer: Writer, dataset: number, problem: ErrorInfo): number[] {
  const touched = writer.all<{ id: number }>(
    'SELECT DISTINCT benchmark_id AS id FROM benchmark_image WHERE dataset_id = ?',
    [dataset],
  );
  writer.run(
    `UPDATE benchmark_image SET key = 'erased ' || position, person = NULL, box = NULL, points = NULL, hash = NULL,
       path = NULL, crop = NULL, overall = NULL, sharpness = NULL, brightness = NULL, yaw = NULL, pitch = NULL,
       roll = NULL, problem = ?, dataset_id = NULL
     WHERE dataset_id = ?`,
    [JSON.stringify(problem), dataset],
  );
  return touched.map(({ id }) => id);
}
