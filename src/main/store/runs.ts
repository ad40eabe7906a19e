import type { ErrorInfo } from '../../core/base/errors.ts';
import type { Run, RunState, StopReason } from '../../core/contract/runs.ts';
import { storedRecipe } from '../../core/recipe/parse.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Reader, Writer } from './database.ts';

/** What is stored of a run; speed and memory live only while it trains. */
export interface StoredRun extends Omit<Run, 'job' | 'imagesPerSecond' | 'etaSeconds' | 'memory'> {
  readonly jobId: number | null;
  readonly recipe: Recipe;
  /** The parent's checkpoint in the run's own folder, until there is one of its own. */
  readonly forkFile: string | null;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly recipe: string;
  readonly version_id: number;
  readonly job_id: number | null;
  readonly state: RunState;
  readonly reason: StopReason | null;
  readonly error: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly step: number;
  readonly steps: number;
  readonly steps_per_epoch: number;
  readonly parent_id: number | null;
  readonly parent_name: string | null;
  readonly parent_step: number | null;
  readonly fork_file: string | null;
  readonly provider: string | null;
  readonly loss: number | null;
  readonly best_accuracy: number | null;
  readonly best_step: number | null;
  readonly version_hash: string;
  readonly version_name: string;
}

const select = `SELECT r.*, v.hash AS version_hash, v.name AS version_name
  FROM run r CROSS JOIN version v ON v.id = r.version_id`;

function parentOf({ parent_id, parent_name, parent_step }: Row): Run['parent'] {
  if (parent_name === null || parent_step === null) return null;
  // A parent that was removed has no number any more.
  return { run: parent_id ?? 0, name: parent_name, step: parent_step };
}

function fromRow(row: Row): StoredRun {
  const recipe = storedRecipe(JSON.parse(row.recipe));
  const { best_accuracy: accuracy, best_step: step } = row;
  return {
    id: row.id,
    name: row.name,
    recipe,
    jobId: row.job_id,
    state: row.state,
    reason: row.reason,
    error: row.error === null ? null : JSON.parse(row.error),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    step: row.step,
    steps: row.steps,
    stepsPerEpoch: row.steps_per_epoch,
    backbone: recipe.network.backbone,
    head: recipe.head.kind,
    version: { id: row.version_id, hash: row.version_hash, name: row.version_name },
    parent: parentOf(row),
    forkFile: row.fork_file,
    provider: row.provider,
    loss: row.loss,
    best: accuracy === null || step === null ? null : { accuracy, step },
  };
}

/** A run that waits for its turn. */
export function addRun(
  writer: Writer,
  run: {
    readonly name: string;
    readonly recipe: Recipe;
    readonly version: number;
    readonly at: number;
    readonly steps: number;
    readonly stepsPerEpoch: number;
    readonly parent: Run['parent'];
    readonly forkFile: string | null;
  },
): number {
  return writer.run(
    `INSERT INTO run (name, recipe, version_id, state, created_at, steps, steps_per_epoch, parent_id, parent_name,
       parent_step, fork_file) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[run.name, JSON.stringify(run.recipe), run.version, run.at, run.steps, run.stepsPerEpoch],
      ...[run.parent?.run ?? null, run.parent?.name ?? null, run.parent?.step ?? null, run.forkFile],
    ],
  ).id;
}

/** The newest first. */
export function listRuns(reader: Reader): StoredRun[] {
  return reader.all<Row>(`${select} ORDER BY r.id DESC`).map(fromRow);
}

export function getRun(reader: Reader, id: number): StoredRun | null {
  const row = reader.get<Row>(`${select} WHERE r.id = ?`, [id]);
  return row === undefined ? null : fromRow(row);
}

export function findRun(reader: Reader, name: string): number | null {
  return reader.get<{ id: number }>('SELECT id FROM run WHERE name = ?', [name])?.id ?? null;
}

/** The run that a job carries. */
export function runOfJob(reader: Reader, job: number): StoredRun | null {
  const row = reader.get<Row>(`${select} WHERE r.job_id = ?`, [job]);
  return row === undefined ? null : fromRow(row);
}

/** The number of every run: without their recipes, which take a moment to read. */
export function runIds(reader: Reader): number[] {
  return reader.all<{ id: number }>('SELECT id FROM run').map(({ id }) => id);
}

/** Runs that wait for their turn or train. */
export function activeRuns(reader: Reader): StoredRun[] {
  return reader.all<Row>(`${select} WHERE r.state IN ('queued', 'running') ORDER BY r.id DESC`).map(fromRow);
}

export interface RunChange {
  readonly name?: string;
  readonly jobId?: number;
  readonly state?: RunState;
  readonly reason?: StopReason | null;
  readonly error?: ErrorInfo | null;
  readonly startedAt?: number;
  readonly finishedAt?: number | null;
  readonly step?: number;
  readonly steps?: number;
  readonly stepsPerEpoch?: number;
  readonly provider?: string;
  readonly loss?: number | null;
  readonly best?: Run['best'];
  readonly forkFile?: null;
}

/** Changes what is named; the rest stays. */
export function changeRun(writer: Writer, id: number, change: RunChange): void {
  const { error, best, ...plain } = change;
  const columns: Record<string, string | number | null | undefined> = {
    name: plain.name,
    job_id: plain.jobId,
    state: plain.state,
    reason: plain.reason,
    started_at: plain.startedAt,
    finished_at: plain.finishedAt,
    step: plain.step,
    steps: plain.steps,
    steps_per_epoch: plain.stepsPerEpoch,
    provider: plain.provider,
    loss: plain.loss,
    fork_file: plain.forkFile,
    ...(error === undefined ? {} : { error: error === null ? null : JSON.stringify(error) }),
    ...(best === undefined ? {} : { best_accuracy: best?.accuracy ?? null, best_step: best?.step ?? null }),
  };
  const named = Object.entries(columns).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  if (named.length === 0) return;
  const sets = named.map(({ name }) => `${name} = ?`).join(', ');
  writer.run(`UPDATE run SET ${sets} WHERE id = ?`, [...named.map(({ value }) => value), id]);
}

export function removeRun(writer: Writer, id: number): void {
  writer.run('DELETE FROM run WHERE id = ?', [id]);
}
