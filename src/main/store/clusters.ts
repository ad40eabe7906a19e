import type { Cluster } from '../../core/contract/people.ts';
import type { Reader, Writer } from './database.ts';

const seen = `f.state = 'kept' AND f.dataset_id IN (SELECT id FROM dataset WHERE removed = 0)`;
const coverCount = 8;

interface Row {
  readonly id: number;
  readonly size: number;
  readonly unnamed: number;
}

const counted = `SELECT f.cluster_id AS id, count(*) AS size, count(*) FILTER (WHERE f.person_id IS NULL) AS unnamed
  FROM face f WHERE f.cluster_id IS NOT NULL AND ${seen}`;

function withCovers(reader: Reader, row: Row): Cluster {
  const covers = reader.all<{ face: number; crop: string }>(
    `SELECT f.id AS face, f.crop FROM face f WHERE f.cluster_id = ? AND ${seen}
     ORDER BY f.person_id IS NOT NULL, f.overall DESC, f.id LIMIT ?`,
    [row.id, coverCount],
  );
  const inside = reader.get<{ personId: number; name: string; similarity: number }>(
    `SELECT n.id AS personId, n.name, 1.0 AS similarity FROM face f JOIN person n ON n.id = f.person_id
     WHERE f.cluster_id = ? AND ${seen} GROUP BY n.id ORDER BY count(*) DESC LIMIT 1`,
    [row.id],
  );
  const near = reader.get<{ personId: number; name: string; similarity: number }>(
    `SELECT n.id AS personId, n.name, avg(s.similarity) AS similarity
     FROM face f JOIN suggestion s ON s.face_id = f.id JOIN person n ON n.id = s.person_id
     WHERE f.cluster_id = ? AND f.person_id IS NULL AND ${seen}
       AND NOT EXISTS (SELECT 1 FROM not_person d WHERE d.face_id = f.id AND d.person_id = n.id)
     GROUP BY n.id ORDER BY count(*) DESC, similarity DESC LIMIT 1`,
    [row.id],
  );
  return { ...row, covers, suggestion: near ?? (row.unnamed > 0 ? (inside ?? null) : null) };
}

/** Clusters, those with most unnamed (or, of all, most) faces first. */
export function pageClusters(
  reader: Reader,
  show: 'unnamed' | 'all',
  minSize: number,
  offset: number,
  limit: number,
): { total: number; items: Cluster[] } {
  const column = show === 'unnamed' ? 'unnamed' : 'size';
  const groups = `${counted} GROUP BY f.cluster_id HAVING ${column} >= ?`;
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n FROM (${groups})`, [minSize])?.n ?? 0;
  const rows = reader.all<Row>(`${groups} ORDER BY ${column} DESC, id LIMIT ? OFFSET ?`, [
    minSize,
    limit,
    offset,
  ]);
  return { total, items: rows.map((row) => withCovers(reader, row)) };
}

export function getCluster(reader: Reader, id: number): Cluster | null {
  const row = reader.get<Row>(`${counted} AND f.cluster_id = ? GROUP BY f.cluster_id`, [id]);
  return row === undefined ? null : withCovers(reader, row);
}

export function facesOfCluster(reader: Reader, cluster: number, unnamedOnly: boolean): number[] {
  const more = unnamedOnly ? 'AND f.person_id IS NULL' : '';
  return reader
    .all<{ id: number }>(`SELECT f.id FROM face f WHERE f.cluster_id = ? AND ${seen} ${more} ORDER BY f.id`, [
      cluster,
    ])
    .map((row) => row.id);
}

export function addCluster(writer: Writer, at: number): number {
  return writer.run('INSERT INTO cluster (created_at) VALUES (?)', [at]).id;
}

/** Gives each group of faces a cluster of its own. Old clusters stay as empty rows: the journal may name them. */
export function replaceClusters(writer: Writer, groups: readonly (readonly number[])[], at: number): void {
  for (const group of groups) {
    const cluster = addCluster(writer, at);
    for (const face of group) writer.run('UPDATE face SET cluster_id = ? WHERE id = ?', [cluster, face]);
  }
}
