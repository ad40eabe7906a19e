import type { CleaningAction, CleaningReport, NameChange } from '../../core/contract/cleaning.ts';
import type { Reader, Writer } from './database.ts';

/** What was changed to make a version of another one. */

/** A change as it is stored. */
export interface StoredChange extends NameChange {
  readonly dataset: number;
}

export interface NewReport {
  readonly version: number;
  readonly parent: { readonly id: number | null; readonly name: string; readonly hash: string };
  readonly model: { readonly id: string; readonly name: string };
  readonly limits: CleaningReport['limits'];
  readonly at: number;
}

interface ReportRow {
  readonly parent_id: number | null;
  readonly parent_name: string;
  readonly parent_hash: string;
  readonly model: string;
  readonly model_name: string;
  readonly limits: string;
}

/** Names told of in a report at most. */
const mostNames = 200;

/** Writes how a new version was made; positions are counted from 0. */
export function addReport(writer: Writer, report: NewReport, changes: readonly StoredChange[]): void {
  const { version, parent, model, limits, at } = report;
  writer.run(
    `INSERT INTO version_cleaning
       (version_id, parent_id, parent_name, parent_hash, model, model_name, limits, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [version, parent.id, parent.name, parent.hash, model.id, model.name, JSON.stringify(limits), at],
  );
  for (const [position, change] of changes.entries()) {
    writer.run(
      `INSERT INTO version_change
         (version_id, position, crop, dataset_id, action, old_name, new_name, own, next, certainty)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[version, position, change.crop, change.dataset, change.action, change.from, change.to],
        ...[change.own, change.next, change.certainty],
      ],
    );
  }
}

/** Null for versions that were not made so. */
export function getReport(reader: Reader, version: number): CleaningReport | null {
  const row = reader.get<ReportRow>('SELECT * FROM version_cleaning WHERE version_id = ?', [version]);
  if (row === undefined) return null;
  const counts = reader.all<{ action: CleaningAction; n: number }>(
    'SELECT action, count(*) AS n FROM version_change WHERE version_id = ? GROUP BY action',
    [version],
  );
  const count = (action: CleaningAction): number => counts.find((one) => one.action === action)?.n ?? 0;
  return {
    version,
    parent: { id: row.parent_id, name: row.parent_name, hash: row.parent_hash },
    model: { id: row.model, name: row.model_name },
    limits: JSON.parse(row.limits),
    ...{ relabelled: count('relabel'), dropped: count('drop'), merged: count('merge') },
    names: reader.all(
      `SELECT old_name AS "from", new_name AS "to", count(*) AS images FROM version_change WHERE version_id = ?
       GROUP BY old_name, new_name ORDER BY images DESC, old_name, new_name LIMIT ${mostNames}`,
      [version],
    ),
  };
}

const columns = `position, crop, dataset_id AS dataset, action, old_name AS "from", new_name AS "to", own, next, certainty`;

export function pageChanges(
  reader: Reader,
  version: number,
  action: CleaningAction | null,
  offset: number,
  limit: number,
): { readonly total: number; readonly items: NameChange[] } {
  const where = 'version_id = :version AND (:action IS NULL OR action = :action)';
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n FROM version_change WHERE ${where}`, {
    version,
    action,
  });
  const items = reader.all<StoredChange>(
    `SELECT ${columns} FROM version_change WHERE ${where} ORDER BY position LIMIT :limit OFFSET :offset`,
    { version, action, limit, offset },
  );
  return { total: total?.n ?? 0, items: items.map(({ dataset: _, ...change }) => change) };
}

export function allChanges(reader: Reader, version: number): StoredChange[] {
  return reader.all(`SELECT ${columns} FROM version_change WHERE version_id = ? ORDER BY position`, [
    version,
  ]);
}

/** Takes the pictures of a dataset that is about to be erased out of every report. */
export function forgetDatasetChanges(writer: Writer, dataset: number): void {
  writer.run('DELETE FROM version_change WHERE dataset_id = ?', [dataset]);
}
