import type { Checkpoint, Evaluation, Run, Snapshot } from '../../core/contract/runs.ts';
import type { Reader, Writer } from './database.ts';

/** What a run leaves on its way: checkpoints, evaluations, histograms. */

export interface StoredCheckpoint extends Omit<Checkpoint, 'epoch' | 'last'> {
  /** In the run's folder of checkpoints. */
  readonly file: string;
}

interface CheckpointRow {
  readonly step: number;
  readonly file: string;
  readonly bytes: number;
  readonly created_at: number;
  readonly accuracy: number | null;
  readonly best: number;
}

/** By step. */
export function listCheckpoints(reader: Reader, run: number): StoredCheckpoint[] {
  return reader
    .all<CheckpointRow>('SELECT * FROM checkpoint WHERE run_id = ? ORDER BY step', [run])
    .map(({ step, file, bytes, created_at: createdAt, accuracy, best }) => ({
      ...{ step, file, bytes, createdAt, accuracy },
      best: best === 1,
    }));
}

/** How many of the last checkpoints are kept, besides the best. */
const lastKept = 2;

/**
 * Notes a checkpoint, again where a step is saved twice, and forgets those that are neither among the last two nor the
 * best.
 */
export function addCheckpoint(writer: Writer, run: number, checkpoint: StoredCheckpoint): void {
  const { step, file, bytes, createdAt, accuracy, best } = checkpoint;
  if (best) writer.run('UPDATE checkpoint SET best = 0 WHERE run_id = ?', [run]);
  writer.run(
    `INSERT INTO checkpoint (run_id, step, file, bytes, created_at, accuracy, best) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, step) DO UPDATE SET file = excluded.file, bytes = excluded.bytes,
       created_at = excluded.created_at, accuracy = ifnull(excluded.accuracy, accuracy), best = max(best, excluded.best)`,
    [run, step, file, bytes, createdAt, accuracy, best ? 1 : 0],
  );
  writer.run(
    `DELETE FROM checkpoint WHERE run_id = ? AND best = 0 AND step NOT IN
       (SELECT step FROM checkpoint WHERE run_id = ? ORDER BY step DESC LIMIT ${lastKept})`,
    [run, run],
  );
}

export function forgetCheckpoint(writer: Writer, run: number, step: number): void {
  writer.run('DELETE FROM checkpoint WHERE run_id = ? AND step = ?', [run, step]);
}

export function addEvaluation(writer: Writer, run: number, evaluation: Evaluation): void {
  writer.run('INSERT OR REPLACE INTO evaluation (run_id, step, name, result) VALUES (?, ?, ?, ?)', [
    ...[run, evaluation.step, evaluation.set, JSON.stringify(evaluation)],
  ]);
}

/** By step, then set. */
export function listEvaluations(reader: Reader, run: number): Evaluation[] {
  return reader
    .all<{ result: string }>('SELECT result FROM evaluation WHERE run_id = ? ORDER BY step, name', [run])
    .map(({ result }) => JSON.parse(result));
}

/** How many of the last snapshots are kept: as many as may be asked for. A long run takes tens of thousands. */
export const snapshotsKept = 1000;

export function addSnapshot(writer: Writer, run: number, snapshot: Snapshot): void {
  writer.run('INSERT OR REPLACE INTO snapshot (run_id, step, histograms) VALUES (?, ?, ?)', [
    ...[run, snapshot.step, JSON.stringify(snapshot)],
  ]);
  writer.run(
    `DELETE FROM snapshot WHERE run_id = ? AND step <=
       (SELECT step FROM snapshot WHERE run_id = ? ORDER BY step DESC LIMIT 1 OFFSET ${snapshotsKept})`,
    [run, run],
  );
}

/** The last ones, by step. */
export function lastSnapshots(reader: Reader, run: number, count: number): Snapshot[] {
  return reader
    .all<{ histograms: string }>(
      'SELECT histograms FROM snapshot WHERE run_id = ? ORDER BY step DESC LIMIT ?',
      [run, count],
    )
    .map(({ histograms }): Snapshot => JSON.parse(histograms))
    .reverse();
}

/** Forgets what came after a step, from which the run goes on. */
export function cutRecords(writer: Writer, run: number, step: number): void {
  for (const table of ['checkpoint', 'evaluation', 'snapshot']) {
    writer.run(`DELETE FROM ${table} WHERE run_id = ? AND step > ?`, [run, step]);
  }
}

/** The best mean accuracy over the sets, and its step; what was measured before the first step is no result of training. */
export function bestOf(evaluations: readonly Evaluation[]): Run['best'] {
  let best: Run['best'] = null;
  for (const [step, sets] of Map.groupBy(evaluations, (evaluation) => evaluation.step)) {
    const accuracy = sets.reduce((sum, set) => sum + set.accuracy, 0) / sets.length;
    if (step > 0 && (best === null || accuracy > best.accuracy)) best = { accuracy, step };
  }
  return best;
}
