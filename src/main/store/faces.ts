import type { Face, FaceFilter, FaceQuality, FaceState } from '../../core/contract/faces.ts';
import type { Solver } from '../../core/faces/types.ts';
import type { Reader, Value, Writer } from './database.ts';
import { likePattern } from './photos.ts';

interface Row {
  readonly id: number;
  readonly photo_id: number;
  readonly dataset_id: number;
  readonly file: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly score: number;
  readonly points: string;
  readonly solver: Solver;
  readonly edited: number;
  readonly chosen: number;
  readonly state: FaceState;
  readonly overall: number;
  readonly sharpness: number;
  readonly brightness: number;
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly crop: string;
  readonly crop_size: number;
  readonly person_id: number | null;
  readonly person: string | null;
  readonly named: 'label' | 'user' | null;
  readonly cluster_id: number | null;
}

const select = `SELECT f.*, p.key AS file, n.name AS person
  FROM face f JOIN photo p ON p.id = f.photo_id LEFT JOIN person n ON n.id = f.person_id`;

function fromRow(row: Row): Face {
  const { x, y, width, height, overall, sharpness, brightness, yaw, pitch, roll } = row;
  return {
    id: row.id,
    photoId: row.photo_id,
    datasetId: row.dataset_id,
    file: row.file,
    box: { x, y, width, height },
    score: row.score,
    points: JSON.parse(row.points),
    solver: row.solver,
    edited: row.edited === 1,
    state: row.state,
    quality: { overall, sharpness, brightness, yaw, pitch, roll },
    crop: row.crop,
    cropSize: row.crop_size,
    personId: row.person_id,
    person: row.person,
    named: row.named,
    clusterId: row.cluster_id,
  };
}

const sorts: Readonly<Record<FaceFilter['sort'], string>> = {
  added: 'f.id',
  // Ids in the same direction: one index serves both ways.
  quality: 'f.overall DESC, f.id DESC',
  worst: 'f.overall, f.id',
  size: 'f.size DESC, f.id DESC',
  person: 'n.name IS NULL, n.name, f.id',
};

/** `walk`: the rows are to be met in the filter's order by its index, instead of found by other columns and sorted. */
function whereOf(filter: FaceFilter, walk = false): { readonly sql: string; readonly values: Value[] } {
  // Unary plus keeps the planner from using an index of that column.
  const plus = walk ? '+' : '';
  const where = [`${plus}f.dataset_id IN (SELECT id FROM dataset WHERE removed = 0)`];
  const values: Value[] = [];
  const add = (sql: string, ...more: Value[]): void => {
    where.push(sql);
    values.push(...more);
  };
  if (filter.datasets !== null)
    add(`${plus}f.dataset_id IN (SELECT value FROM json_each(?))`, JSON.stringify(filter.datasets));
  if (filter.photo !== null) add('f.photo_id = ?', filter.photo);
  if (filter.state !== null) add(`${plus}f.state = ?`, filter.state);
  if (filter.person === 'unnamed') add('f.person_id IS NULL');
  else if (filter.person !== null) add('f.person_id = ?', filter.person);
  if (filter.cluster !== null) add('f.cluster_id = ?', filter.cluster);
  if (filter.minQuality > 0) add('f.overall >= ?', filter.minQuality);
  if (filter.minSize > 0) add('f.size >= ?', filter.minSize);
  if (filter.search !== '') {
    const pattern = likePattern(filter.search);
    add(
      `(f.person_id IN (SELECT id FROM person WHERE name LIKE ? ESCAPE '\\')
        OR f.photo_id IN (SELECT id FROM photo WHERE key LIKE ? ESCAPE '\\'))`,
      pattern,
      pattern,
    );
  }
  return { sql: where.join(' AND '), values };
}

/** Rows are fetched for the page's faces only: counting and ordering 100,000 reads indexes. */
export function pageFaces(
  reader: Reader,
  filter: FaceFilter,
  offset: number,
  limit: number,
): { total: number; items: Face[] } {
  const { sql, values } = whereOf(filter);
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n FROM face f WHERE ${sql}`, values)?.n ?? 0;
  const ids = idsQuery(filter);
  const rows = reader.all<Row>(
    `${select} WHERE f.id IN (${ids.sql} LIMIT ? OFFSET ?) ORDER BY ${sorts[filter.sort]}`,
    [...ids.values, limit, offset],
  );
  return { total, items: rows.map(fromRow) };
}

const indexedSorts: readonly FaceFilter['sort'][] = ['quality', 'worst', 'size'];

function idsQuery(filter: FaceFilter): { readonly sql: string; readonly values: Value[] } {
  const few = filter.photo !== null || filter.cluster !== null || filter.person !== null;
  const { sql, values } = whereOf(filter, !few && indexedSorts.includes(filter.sort));
  const join = filter.sort === 'person' ? 'LEFT JOIN person n ON n.id = f.person_id' : '';
  return {
    sql: `SELECT f.id FROM face f ${join} WHERE ${sql} ORDER BY ${sorts[filter.sort]}`,
    values,
  };
}

export function faceIds(reader: Reader, filter: FaceFilter): number[] {
  const { sql, values } = idsQuery(filter);
  return reader.all<{ id: number }>(sql, values).map((row) => row.id);
}

export function getFace(reader: Reader, id: number): Face | null {
  const row = reader.get<Row>(`${select} WHERE f.id = ?`, [id]);
  return row === undefined ? null : fromRow(row);
}

/** Faces by id, in the order of the ids; those that are gone are left out. */
export function getFaces(reader: Reader, ids: readonly number[]): Face[] {
  const rows = reader.all<Row>(`${select} WHERE f.id IN (SELECT value FROM json_each(?))`, [
    JSON.stringify(ids),
  ]);
  const byId = new Map(rows.map((row) => [row.id, fromRow(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The first of these ids that is no face; null where all are. */
export function firstUnknownFace(reader: Reader, ids: readonly number[]): number | null {
  const sql = `SELECT value AS id FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM face f WHERE f.id = value) LIMIT 1`;
  return reader.get<{ id: number }>(sql, [JSON.stringify(ids)])?.id ?? null;
}

/** All faces of a photograph, whatever their state. */
export function facesOfPhoto(reader: Reader, photo: number): (Face & { readonly chosen: boolean })[] {
  return reader
    .all<Row>(`${select} WHERE f.photo_id = ? ORDER BY f.id`, [photo])
    .map((row) => ({ ...fromRow(row), chosen: row.chosen === 1 }));
}

/** What alignment finds out about a face; the columns of a row are made from it in one place. */
export interface AlignedFace {
  readonly box: Face['box'];
  readonly score: number;
  readonly points: readonly number[];
  readonly solver: Solver;
  readonly quality: FaceQuality;
  readonly crop: string;
  readonly cropSize: number;
}

export function alignmentColumns(face: AlignedFace): Readonly<Record<string, string | number>> {
  const { x, y, width, height } = face.box;
  return {
    ...{ x, y, width, height, size: Math.min(width, height) },
    points: JSON.stringify(face.points.map((value) => Math.round(value * 1000) / 1000)),
    solver: face.solver,
    ...face.quality,
    crop: face.crop,
    crop_size: face.cropSize,
  };
}

export function addFace(
  writer: Writer,
  photo: { readonly id: number; readonly datasetId: number },
  face: AlignedFace,
  state: FaceState,
): number {
  const columns: Record<string, Value> = {
    ...alignmentColumns(face),
    photo_id: photo.id,
    dataset_id: photo.datasetId,
    score: face.score,
    state,
  };
  const names = Object.keys(columns);
  const sql = `INSERT INTO face (${names.join(', ')}) VALUES (${names.map((column) => `:${column}`).join(', ')})`;
  return writer.run(sql, columns).id;
}

export function updateAlignment(writer: Writer, id: number, face: AlignedFace): void {
  const columns: Record<string, Value> = { ...alignmentColumns(face), score: face.score };
  const assignments = Object.keys(columns).map((column) => `${column} = :${column}`);
  writer.run(`UPDATE face SET ${assignments.join(', ')} WHERE id = :id`, { ...columns, id });
}

export function deleteFace(writer: Writer, id: number): void {
  writer.run('DELETE FROM face WHERE id = ?', [id]);
}

/** State and name that a face starts with. */
export function setFace(
  writer: Writer,
  id: number,
  state: FaceState,
  person: number | null,
  named: 'label' | 'user' | null,
): void {
  writer.run('UPDATE face SET state = ?, person_id = ?, named = ? WHERE id = ?', [state, person, named, id]);
}

/** All faces of these photographs, whatever their state, by id. */
export function facesOfPhotos(reader: Reader, photos: readonly number[]): Face[] {
  return reader
    .all<Row>(`${select} WHERE f.photo_id IN (SELECT value FROM json_each(?)) ORDER BY f.id`, [
      JSON.stringify(photos),
    ])
    .map(fromRow);
}
