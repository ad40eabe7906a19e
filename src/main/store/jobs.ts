import type { ErrorInfo } from '../../core/base/errors.ts';
import type { Job, JobKind, JobState } from '../../core/contract/jobs.ts';
import type { Reader, Writer } from './database.ts';

/** What is stored of a job; rate and ETA live only while it runs. */
export type StoredJob = Omit<Job, 'rate' | 'etaSeconds' | 'canContinue'> & {
  readonly input: string;
  /** The job that must be done first. */
  readonly after: number | null;
};

interface Row {
  readonly id: number;
  readonly kind: JobKind;
  readonly title: string;
  readonly dataset_id: number | null;
  readonly input: string;
  readonly after: number | null;
  readonly state: JobState;
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
  readonly error: string | null;
  readonly log: string;
  readonly summary: string;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
}

function fromRow(row: Row): StoredJob {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    datasetId: row.dataset_id,
    input: row.input,
    after: row.after,
    state: row.state,
    done: row.done,
    total: row.total,
    unit: row.unit,
    error: row.error === null ? null : JSON.parse(row.error),
    logTail: JSON.parse(row.log),
    summary: JSON.parse(row.summary),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

export function addJob(
  writer: Writer,
  job: {
    readonly kind: JobKind;
    readonly title: string;
    readonly datasetId: number | null;
    readonly input: unknown;
    readonly after?: number | null;
    readonly unit: string;
    readonly at: number;
  },
): StoredJob {
  const { id } = writer.run(
    `INSERT INTO job (kind, title, dataset_id, input, after, state, unit, created_at)
     VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)`,
    [job.kind, job.title, job.datasetId, JSON.stringify(job.input), job.after ?? null, job.unit, job.at],
  );
  const made = getJob(writer, id);
  if (made === null) throw new Error('assertion failed: the job that was just written is not there');
  return made;
}

export function getJob(reader: Reader, id: number): StoredJob | null {
  const row = reader.get<Row>('SELECT * FROM job WHERE id = ?', [id]);
  return row === undefined ? null : fromRow(row);
}

/** The job of these kinds that has waited longest, of those that wait for no other. */
export function nextQueued(reader: Reader, kinds: readonly JobKind[]): StoredJob | null {
  const row = reader.get<Row>(
    `SELECT * FROM job j WHERE j.state = 'queued' AND j.kind IN (SELECT value FROM json_each(?))
     AND NOT EXISTS (SELECT 1 FROM job f WHERE f.id = j.after AND f.state <> 'done') ORDER BY j.id LIMIT 1`,
    [JSON.stringify(kinds)],
  );
  return row === undefined ? null : fromRow(row);
}

/** Jobs that wait for this one. */
export function waitingFor(reader: Reader, id: number): StoredJob[] {
  return reader
    .all<Row>(`SELECT * FROM job WHERE after = ? AND state IN ('queued', 'paused')`, [id])
    .map(fromRow);
}

/** The newest first. */
export function listJobs(reader: Reader, limit = 200): StoredJob[] {
  return reader.all<Row>('SELECT * FROM job ORDER BY id DESC LIMIT ?', [limit]).map(fromRow);
}

export function saveJob(writer: Writer, job: StoredJob): void {
  writer.run(
    `UPDATE job SET state = ?, done = ?, total = ?, error = ?, log = ?, summary = ?, started_at = ?, finished_at = ?
     WHERE id = ?`,
    [
      job.state,
      job.done,
      job.total,
      job.error === null ? null : JSON.stringify(job.error),
      JSON.stringify(job.logTail),
      JSON.stringify(job.summary),
      job.startedAt,
      job.finishedAt,
      job.id,
    ],
  );
}

/**
 * Jobs that were under way when the application ended are paused, so that the user may continue them; those that wait
 * for another go on waiting.
 */
export function pauseInterrupted(writer: Writer, reason: ErrorInfo): number {
  return writer.run(
    `UPDATE job SET state = 'paused', error = ? WHERE state = 'running' OR (state = 'queued' AND after IS NULL)`,
    [JSON.stringify(reason)],
  ).changes;
}

/** Forgets ended jobs, but for failed ones that others wait for: they may still be continued. */
export function clearJobs(writer: Writer): void {
  writer.run(
    `DELETE FROM job WHERE state IN ('done', 'cancelled') OR (state = 'failed' AND NOT EXISTS
       (SELECT 1 FROM job w WHERE w.after = job.id AND w.state IN ('queued', 'paused')))`,
  );
}
