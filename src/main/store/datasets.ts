import type { Dataset } from '../../core/contract/datasets.ts';
import type { Reader, Writer } from './database.ts';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly sources: string;
  readonly created_at: number;
  readonly removed: number;
  readonly photos: number;
  readonly problems: number;
  readonly pending: number;
  readonly identities: number;
  readonly faces: number;
  readonly embedded: number;
}

const summary = `
SELECT d.id, d.name, d.sources, d.created_at, d.removed,
  count(p.id) AS photos,
  count(p.problem) AS problems,
  count(p.id) FILTER (WHERE p.problem IS NULL AND p.aligned_by IS NULL) AS pending,
  count(DISTINCT p.label) AS identities,
  (SELECT count(*) FROM face f WHERE f.dataset_id = d.id AND f.state = 'kept') AS faces,
  (SELECT count(*) FROM face f JOIN embedding e ON e.model = :model AND e.crop = f.crop
    WHERE f.dataset_id = d.id AND f.state = 'kept') AS embedded
FROM dataset d LEFT JOIN photo p ON p.dataset_id = d.id`;

function fromRow(row: Row): Dataset {
  const sources: string[][] = JSON.parse(row.sources);
  return {
    id: row.id,
    name: row.name,
    source: sources.flat().join(', '),
    createdAt: row.created_at,
    photos: row.photos - row.problems,
    problems: row.problems,
    pending: row.pending,
    faces: row.faces,
    embedded: row.embedded,
    identities: row.identities,
    removed: row.removed === 1,
  };
}

/** `model`: whose embeddings are counted. */
export function listDatasets(reader: Reader, model: string, removed: boolean): Dataset[] {
  const where = removed ? '' : 'WHERE d.removed = 0';
  return reader.all<Row>(`${summary} ${where} GROUP BY d.id ORDER BY d.id DESC`, { model }).map(fromRow);
}

export function getDataset(reader: Reader, model: string, id: number): Dataset | null {
  const row = reader.get<Row>(`${summary} WHERE d.id = :id GROUP BY d.id`, { model, id });
  return row === undefined ? null : fromRow(row);
}

export function findDataset(reader: Reader, name: string): number | null {
  return (
    reader.get<{ id: number }>('SELECT id FROM dataset WHERE name = ? AND removed = 0', [name])?.id ?? null
  );
}

/** What an import needs to know to be continued. */
export interface DatasetSource {
  readonly id: number;
  readonly name: string;
  /** The paths of each import, in the order of the imports. */
  readonly sources: readonly (readonly string[])[];
}

export function getSource(reader: Reader, id: number): DatasetSource | null {
  const row = reader.get<{ name: string; sources: string }>(
    'SELECT name, sources FROM dataset WHERE id = ?',
    [id],
  );
  return row === undefined ? null : { id, name: row.name, sources: JSON.parse(row.sources) };
}

/** An empty dataset of that name. */
export function addDataset(writer: Writer, name: string, at: number): number {
  return writer.run("INSERT INTO dataset (name, sources, created_at) VALUES (?, '[]', ?)", [name, at]).id;
}

/** Notes another import into a dataset, and returns its place; the same paths again are the same import. */
export function addSources(writer: Writer, id: number, paths: readonly string[]): number {
  const known = getSource(writer, id)?.sources ?? [];
  const same = known.findIndex((group) => JSON.stringify(group) === JSON.stringify(paths));
  if (same >= 0) return same;
  writer.run('UPDATE dataset SET sources = ? WHERE id = ?', [JSON.stringify([...known, paths]), id]);
  return known.length;
}

/** Deletes a dataset's rows for good, with its photographs and faces. */
export function eraseDataset(writer: Writer, id: number): void {
  writer.run('DELETE FROM dataset WHERE id = ?', [id]);
}

/** Ids of the datasets in scope: those asked for, or all that are not removed. */
export function scopeOf(reader: Reader, datasets: readonly number[] | null): number[] {
  const all = reader
    .all<{ id: number }>('SELECT id FROM dataset WHERE removed = 0 ORDER BY id')
    .map((row) => row.id);
  return datasets === null ? all : all.filter((id) => datasets.includes(id));
}
