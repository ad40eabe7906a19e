import type { Dataset, SourceKind } from '../../core/contract/datasets.ts';
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
  const sources: string[] = JSON.parse(row.sources);
  return {
    id: row.id,
    name: row.name,
    source: sources.join(', '),
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
  readonly sources: readonly string[];
  readonly kind: SourceKind;
  readonly copy: boolean;
}

export function getSource(reader: Reader, id: number): DatasetSource | null {
  const row = reader.get<{ name: string; sources: string; kind: SourceKind; copy: number }>(
    'SELECT name, sources, kind, copy FROM dataset WHERE id = ?',
    [id],
  );
  if (row === undefined) return null;
  return { id, name: row.name, sources: JSON.parse(row.sources), kind: row.kind, copy: row.copy === 1 };
}

export function addDataset(writer: Writer, source: Omit<DatasetSource, 'id'>, at: number): number {
  return writer.run('INSERT INTO dataset (name, sources, kind, copy, created_at) VALUES (?, ?, ?, ?, ?)', [
    source.name,
    JSON.stringify(source.sources),
    source.kind,
    source.copy ? 1 : 0,
    at,
  ]).id;
}

/** More sources for a dataset that exists: the import goes through all of them again and adds what is new. */
export function addSources(writer: Writer, id: number, paths: readonly string[]): void {
  const known = getSource(writer, id)?.sources ?? [];
  writer.run('UPDATE dataset SET sources = ? WHERE id = ?', [
    JSON.stringify([...new Set([...known, ...paths])]),
    id,
  ]);
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
