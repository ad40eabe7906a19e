import type { ErrorInfo } from '../../core/base/errors.ts';
import { type Photo, type QueueReason, queueReasons } from '../../core/contract/datasets.ts';
import type { Reader, Value, Writer } from './database.ts';

interface Row {
  readonly id: number;
  readonly dataset_id: number;
  readonly key: string;
  readonly label: string | null;
  readonly hash: string | null;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly problem: string | null;
  readonly aligned_by: string | null;
  readonly align_error: string | null;
  readonly queue: number;
  readonly reviewed: number;
  readonly faces: number;
}

const columns = `p.id, p.dataset_id, p.key, p.label, p.hash, p.bytes, p.width, p.height, p.problem, p.aligned_by,
  p.align_error, p.queue, p.reviewed, (SELECT count(*) FROM face f WHERE f.photo_id = p.id AND f.state <> 'rejected') AS faces`;

/** The reasons as bits. */
export function queueBits(reasons: readonly QueueReason[]): number {
  return reasons.reduce((bits, reason) => bits | (1 << queueReasons.indexOf(reason)), 0);
}

function fromRow(row: Row): Photo {
  const problem = row.problem ?? row.align_error;
  return {
    id: row.id,
    datasetId: row.dataset_id,
    key: row.key,
    label: row.label,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    problem: problem === null ? null : JSON.parse(problem),
    alignment: row.aligned_by === null ? 'pending' : 'aligned',
    queue: queueReasons.filter((_, bit) => (row.queue & (1 << bit)) !== 0),
    reviewed: row.reviewed === 1,
    faces: row.faces,
    hash: row.hash,
  };
}

/** What is shown of a dataset's photographs. */
export interface PhotoFilter {
  readonly dataset: number;
  readonly show: 'all' | 'problems' | 'pending' | 'queue' | 'aligned';
  readonly reason: QueueReason | null;
  readonly search: string;
}

const shown: Readonly<Record<PhotoFilter['show'], string>> = {
  all: 'true',
  problems: 'p.problem IS NOT NULL',
  pending: 'p.problem IS NULL AND p.aligned_by IS NULL',
  queue: 'p.queue <> 0 AND p.reviewed = 0',
  aligned: 'p.aligned_by IS NOT NULL',
};

/** `%`, `_` and `\` in what a user typed are themselves, not wildcards. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export function pagePhotos(
  reader: Reader,
  filter: PhotoFilter,
  offset: number,
  limit: number,
): { total: number; items: Photo[] } {
  const where = ['p.dataset_id = ?', shown[filter.show]];
  const values: Value[] = [filter.dataset];
  if (filter.reason !== null) {
    where.push('(p.queue & ?) <> 0');
    values.push(queueBits([filter.reason]));
  }
  if (filter.search !== '') {
    where.push(`p.key LIKE ? ESCAPE '\\'`);
    values.push(likePattern(filter.search));
  }
  const from = `FROM photo p WHERE ${where.join(' AND ')}`;
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n ${from}`, values)?.n ?? 0;
  const rows = reader.all<Row>(`SELECT ${columns} ${from} ORDER BY p.key, p.id LIMIT ? OFFSET ?`, [
    ...values,
    limit,
    offset,
  ]);
  return { total, items: rows.map(fromRow) };
}

export function getPhoto(reader: Reader, id: number): Photo | null {
  const row = reader.get<Row>(`SELECT ${columns} FROM photo p WHERE p.id = ?`, [id]);
  return row === undefined ? null : fromRow(row);
}

export function countQueue(reader: Reader, dataset: number): Record<QueueReason, number> {
  const counts = { none: 0, several: 0, tiny: 0, blurred: 0, failed: 0 };
  const rows = reader.all<{ queue: number; n: number }>(
    'SELECT queue, count(*) AS n FROM photo WHERE dataset_id = ? AND queue <> 0 AND reviewed = 0 GROUP BY queue',
    [dataset],
  );
  for (const row of rows) {
    for (const [bit, reason] of queueReasons.entries()) {
      if ((row.queue & (1 << bit)) !== 0) counts[reason] += row.n;
    }
  }
  return counts;
}

/** Where a photograph's bytes are: a path, or the pack of originals under its hash. */
export interface PhotoOrigin {
  readonly id: number;
  readonly key: string;
  readonly path: string | null;
  readonly hash: string;
  /** Size and time of change (milliseconds since 1970) of the file when it was imported. */
  readonly bytes: number;
  readonly modified: number;
  readonly width: number;
  readonly height: number;
}

export function getOrigin(reader: Reader, id: number): PhotoOrigin | null {
  const sql =
    'SELECT id, key, path, hash, bytes, modified, width, height FROM photo WHERE id = ? AND hash IS NOT NULL';
  return reader.get<PhotoOrigin>(sql, [id]) ?? null;
}

/** A file that an import saw. */
export interface ImportedPhoto {
  readonly key: string;
  readonly label: string | null;
  readonly path: string | null;
  readonly hash: string | null;
  readonly bytes: number;
  readonly modified: number;
  readonly width: number;
  readonly height: number;
  readonly problem: ErrorInfo | null;
}

/**
 * Adds the photograph, or brings it up to date. Where its content changed it waits for a new alignment, which matches
 * the faces that are there; they go only where the picture has another size, so that nothing of it fits. Where a file
 * can't be read now but could be before, only that is noted: the disk may come back.
 */
export function putPhoto(writer: Writer, dataset: number, photo: ImportedPhoto): number {
  const known = writer.get<{
    id: number;
    hash: string | null;
    label: string | null;
    width: number;
    height: number;
  }>('SELECT id, hash, label, width, height FROM photo WHERE dataset_id = ? AND key = ?', [
    dataset,
    photo.key,
  ]);
  const { label, path, hash, bytes, modified, width, height } = photo;
  const problem = photo.problem === null ? null : JSON.stringify(photo.problem);
  const values = [label, path, hash, bytes, modified, width, height, problem];
  if (known === undefined) {
    return writer.run(
      `INSERT INTO photo (label, path, hash, bytes, modified, width, height, problem, dataset_id, key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [...values, dataset, photo.key],
    ).id;
  }
  const { id } = known;
  if (hash === null && known.hash !== null) {
    writer.run('UPDATE photo SET problem = ? WHERE id = ?', [problem, id]);
    return id;
  }
  writer.run(
    `UPDATE photo SET label = ?, path = ?, hash = ?, bytes = ?, modified = ?, width = ?, height = ?, problem = ? WHERE id = ?`,
    [...values, id],
  );
  if (known.hash !== hash || known.label !== label) {
    writer.run(
      'UPDATE photo SET aligned_by = NULL, align_error = NULL, queue = 0, reviewed = 0 WHERE id = ?',
      [id],
    );
  }
  if (known.label !== label) {
    writer.run(`UPDATE face SET person_id = NULL, named = NULL WHERE photo_id = ? AND named = 'label'`, [id]);
  }
  if (known.hash !== hash && (known.width !== width || known.height !== height)) {
    writer.run('DELETE FROM face WHERE photo_id = ?', [id]);
  }
  return id;
}

/** What is noted instead of a detector of pictures that were imported as aligned crops. */
export const importedAligned = 'imported';

/**
 * Of the files that an import met, which are stored as they are now (same size, same time of change, no problem).
 * `copied`: only those whose originals are kept, too; `aligned`: only those that were imported as aligned crops.
 */
export function unchanged(
  reader: Reader,
  dataset: number,
  items: readonly { readonly key: string; readonly bytes: number; readonly modified: number }[],
  { copied, aligned }: { readonly copied: boolean; readonly aligned: boolean },
): boolean[] {
  const kept = `${copied ? 'AND path IS NULL' : ''} ${aligned ? `AND aligned_by = '${importedAligned}'` : ''}`;
  return items.map(
    (item) =>
      reader.get(
        `SELECT 1 AS here FROM photo
         WHERE dataset_id = ? AND key = ? AND bytes = ? AND modified = ? AND problem IS NULL ${kept}`,
        [dataset, item.key, item.bytes, item.modified],
      ) !== undefined,
  );
}

/** A photograph that waits for alignment. */
export interface PendingPhoto extends PhotoOrigin {
  readonly label: string | null;
}

// A photograph without a problem has a hash. Aligned crops are left alone until their alignment is forgotten on purpose.
const pendingWhere = `dataset_id = ? AND problem IS NULL AND aligned_by IS NOT ?
  AND aligned_by IS NOT '${importedAligned}'`;

export function countPending(reader: Reader, dataset: number, pipeline: string): number {
  const sql = `SELECT count(*) AS n FROM photo WHERE ${pendingWhere}`;
  return reader.get<{ n: number }>(sql, [dataset, pipeline])?.n ?? 0;
}

/** The next photographs behind `afterId` that this pipeline (detector, solver, options) has not been through. */
export function nextPending(
  reader: Reader,
  dataset: number,
  pipeline: string,
  afterId: number,
  limit: number,
): PendingPhoto[] {
  return reader.all(
    `SELECT id, key, path, hash, bytes, modified, width, height, label FROM photo
     WHERE ${pendingWhere} AND id > ? ORDER BY id LIMIT ?`,
    [dataset, pipeline, afterId, limit],
  );
}

/**
 * Another photograph with the same bytes that this pipeline has been through; null where there is none. One whose
 * points were set by hand does not say any more what was detected.
 */
export function findAlignedTwin(reader: Reader, hash: string, pipeline: string): number | null {
  const sql = `SELECT id FROM photo p WHERE hash = ? AND aligned_by = ? AND align_error IS NULL
    AND NOT EXISTS (SELECT 1 FROM face f WHERE f.photo_id = p.id AND f.edited = 1) LIMIT 1`;
  return reader.get<{ id: number }>(sql, [hash, pipeline])?.id ?? null;
}

export function setAligned(writer: Writer, photo: number, pipeline: string, problem: ErrorInfo | null): void {
  writer.run('UPDATE photo SET aligned_by = ?, align_error = ? WHERE id = ?', [
    pipeline,
    problem === null ? null : JSON.stringify(problem),
    photo,
  ]);
}

/** Makes every photograph of the dataset wait for alignment. */
export function forgetAlignment(writer: Writer, dataset: number): void {
  writer.run('UPDATE photo SET aligned_by = NULL WHERE dataset_id = ?', [dataset]);
}

/** Whether the photograph came with a label, and whether its alignment failed. */
export function alignmentState(
  reader: Reader,
  photo: number,
): { readonly labelled: boolean; readonly failed: boolean } | null {
  const row = reader.get<{ label: string | null; align_error: string | null }>(
    'SELECT label, align_error FROM photo WHERE id = ?',
    [photo],
  );
  return row === undefined ? null : { labelled: row.label !== null, failed: row.align_error !== null };
}

export function setQueue(writer: Writer, photo: number, queue: number): void {
  writer.run('UPDATE photo SET queue = ? WHERE id = ?', [queue, photo]);
}

const qualityReasons = ['tiny', 'blurred'] as const;

/** Queues photographs anew by new limits of size and sharpness, for all that have been through alignment. */
export function settleQuality(
  writer: Writer,
  limits: { readonly tinyFace: number; readonly blurredBelow: number },
): void {
  const [tiny, blurred] = qualityReasons.map((reason) => queueBits([reason]));
  // Of several people in a photograph the best counts; without a kept face, max() is NULL and neither applies.
  writer.run(
    `UPDATE photo SET queue = (queue & ~(:tiny | :blurred)) | (
       SELECT CASE WHEN max(f.size) < :tinyFace THEN :tiny ELSE 0 END |
              CASE WHEN max(f.sharpness) < :blurredBelow THEN :blurred ELSE 0 END
       FROM face f WHERE f.photo_id = photo.id AND f.state = 'kept')
     WHERE aligned_by IS NOT NULL AND align_error IS NULL`,
    { tiny: tiny ?? 0, blurred: blurred ?? 0, tinyFace: limits.tinyFace, blurredBelow: limits.blurredBelow },
  );
}
