import { describe, expect, it } from 'vitest';
import { error } from '../../../src/core/base/errors.ts';
import type { Evaluation, Snapshot } from '../../../src/core/contract/runs.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import type { Store, Writer } from '../../../src/main/store/database.ts';
import {
  addCheckpoint,
  addEvaluation,
  addSnapshot,
  bestOf,
  cutRecords,
  forgetCheckpoint,
  lastSnapshots,
  listCheckpoints,
  listEvaluations,
  snapshotsKept,
} from '../../../src/main/store/run-records.ts';
import {
  activeRuns,
  addRun,
  changeRun,
  findRun,
  getRun,
  listRuns,
  removeRun,
} from '../../../src/main/store/runs.ts';
import { runsVerifyingOn } from '../../../src/main/store/versions.ts';
import { hashOf, inStore } from './support.ts';

const recipe = recipeSchema.parse({ data: { version: hashOf(1) } });

function add(
  writer: Writer,
  name: string,
  parent: { run: number; name: string; step: number } | null = null,
) {
  writer.run(
    `INSERT OR IGNORE INTO version (hash, name, created_at, min_quality, images, identities, solvers, least_side, most_side)
     VALUES (?, 'V', 1, 0, 10, 2, '{}', 112, 112)`,
    [hashOf(1)],
  );
  const forkFile = parent === null ? null : 'f';
  return addRun(writer, {
    ...{ name, recipe, version: 1, at: 3, steps: 100, stepsPerEpoch: 10, parent, forkFile },
  });
}

describe('runs', () => {
  it('are written, changed, found and removed', () => {
    inStore((store) => {
      const a = store.write((writer) => add(writer, 'A'));
      const b = store.write((writer) => add(writer, 'B', { run: a, name: 'A', step: 50 }));
      expect(getRun(store, a)).toEqual({
        ...{ id: a, name: 'A', state: 'queued', reason: null, error: null, createdAt: 3, startedAt: null },
        ...{ finishedAt: null, jobId: null, step: 0, steps: 100, stepsPerEpoch: 10, recipe, loss: null },
        ...{ backbone: 'mobilefacenet', head: 'arcface', parent: null, forkFile: null, provider: null },
        ...{ best: null, version: { id: 1, hash: hashOf(1), name: 'V' } },
      });
      expect(getRun(store, b)).toMatchObject({ parent: { run: a, name: 'A', step: 50 }, forkFile: 'f' });
      const failure = error('run/unknown', { run: 1 }).info;
      store.write((writer) => {
        changeRun(writer, a, {});
        changeRun(writer, a, { state: 'failed', reason: 'error', error: failure, step: 7, loss: 2.5 });
        changeRun(writer, a, { best: { accuracy: 0.9, step: 5 }, provider: 'cpu', finishedAt: 8 });
      });
      expect(getRun(store, a)).toMatchObject({
        ...{ state: 'failed', reason: 'error', error: failure, step: 7, loss: 2.5, provider: 'cpu' },
        ...{ best: { accuracy: 0.9, step: 5 }, finishedAt: 8, name: 'A' },
      });
      store.write((writer) => changeRun(writer, a, { error: null, best: null, loss: null }));
      expect(getRun(store, a)).toMatchObject({ error: null, best: null, loss: null, step: 7 });
      expect(listRuns(store).map(({ name }) => name)).toEqual(['B', 'A']);
      expect(activeRuns(store).map(({ name }) => name)).toEqual(['B']);
      expect([findRun(store, 'A'), findRun(store, 'C')]).toEqual([a, null]);
      expect(() => store.write((writer) => add(writer, 'A'))).toThrow(/UNIQUE/);
      const verifying = { ...recipe, validation: { ...recipe.validation, versions: [hashOf(8), hashOf(9)] } };
      store.write((writer) =>
        writer.run('UPDATE run SET recipe = ? WHERE id = ?', [JSON.stringify(verifying), b]),
      );
      expect([hashOf(9), hashOf(1)].map((hash) => runsVerifyingOn(store, hash))).toEqual([1, 0]);
      store.write((writer) => removeRun(writer, a));
      expect(getRun(store, a)).toBeNull();
      expect(getRun(store, b)?.parent).toEqual({ run: 0, name: 'A', step: 50 });
    });
  });
});

const save = (store: Store, step: number, best: boolean, accuracy: number | null = null): void =>
  store.write((writer) =>
    addCheckpoint(writer, 1, { step, file: `step-${step}`, bytes: step, createdAt: step, accuracy, best }),
  );
const kept = (store: Store): unknown[] =>
  listCheckpoints(store, 1).map(({ step, best, accuracy }) => [step, best, accuracy]);
const evaluation = (step: number, set: string, accuracy: number): Evaluation => ({
  ...{ step, set, pairs: 10, accuracy, deviation: 0, threshold: 0.3, tarAtFar: [[0.1, 0.9]], auc: 0.9 },
});

describe('what a run leaves', () => {
  it('are the last two checkpoints and the best', () => {
    inStore((store) => {
      store.write((writer) => add(writer, 'A'));
      save(store, 10, true, 0.8);
      save(store, 20, false, 0.7);
      save(store, 30, false);
      save(store, 40, false);
      expect(kept(store)).toEqual([
        [10, true, 0.8],
        [30, false, null],
        [40, false, null],
      ]);
      save(store, 40, true, 0.9); // the same step again, now verified
      expect(kept(store)).toEqual([
        [30, false, null],
        [40, true, 0.9],
      ]);
      save(store, 40, false); // and once more
      expect(kept(store).at(-1)).toEqual([40, true, 0.9]);
      store.write((writer) => forgetCheckpoint(writer, 1, 40));
      expect(kept(store)).toEqual([[30, false, null]]);
    });
  });

  it('is cut where it goes on from', () => {
    inStore((store) => {
      store.write((writer) => {
        add(writer, 'A');
        for (const step of [0, 10, 20]) {
          addEvaluation(writer, 1, evaluation(step, 'held-out', step / 100));
          addEvaluation(writer, 1, evaluation(step, 'a version', step / 50));
        }
        addEvaluation(writer, 1, evaluation(20, 'held-out', 0.5)); // again: the later one counts
      });
      const histogram = { from: -1, to: 1, counts: [1, 2] };
      const snapshot = (step: number): Snapshot => ({
        ...{ step, target: histogram, negative: histogram, norm: histogram },
      });
      store.write((writer) => {
        for (const step of [5, 15, 25]) addSnapshot(writer, 1, snapshot(step));
      });
      expect(lastSnapshots(store, 1, 2)).toEqual([snapshot(15), snapshot(25)]);
      expect(listEvaluations(store, 1).map(({ step, set }) => [step, set])).toEqual([
        ...[0, 10, 20].flatMap((step) => [
          [step, 'a version'],
          [step, 'held-out'],
        ]),
      ]);
      expect(bestOf(listEvaluations(store, 1))).toEqual({ step: 20, accuracy: (0.5 + 0.4) / 2 });
      save(store, 10, false);
      save(store, 20, true);
      store.write((writer) => cutRecords(writer, 1, 15));
      expect(kept(store)).toEqual([[10, false, null]]);
      expect(lastSnapshots(store, 1, 9)).toEqual([snapshot(5), snapshot(15)]);
      expect(bestOf(listEvaluations(store, 1))).toEqual({ step: 10, accuracy: expect.closeTo(0.15, 12) });
      store.write((writer) => removeRun(writer, 1));
      expect(listEvaluations(store, 1)).toEqual([]);
    });
  });

  it('are so many snapshots as may be asked for, however long it goes on', () => {
    inStore((store) => {
      const histogram = { from: 0, to: 1, counts: [] };
      const shown = { target: histogram, negative: histogram, norm: histogram };
      store.write((writer) => {
        add(writer, 'A');
        for (let i = 1; i <= snapshotsKept + 3; i++) addSnapshot(writer, 1, { step: i * 50, ...shown });
      });
      const all = store.all<{ step: number }>('SELECT step FROM snapshot ORDER BY step');
      expect([all.length, all[0]?.step]).toEqual([snapshotsKept, 200]);
      expect(lastSnapshots(store, 1, 1)).toEqual([{ step: (snapshotsKept + 3) * 50, ...shown }]);
    });
  });

  it('is best where it was first; before the first step nothing is trained', () => {
    expect(bestOf([])).toBeNull();
    expect(bestOf([evaluation(0, 'a', 1)])).toBeNull();
    const all = [evaluation(0, 'a', 1), evaluation(5, 'a', 0.7), evaluation(9, 'a', 0.7)];
    expect(bestOf(all)).toEqual({ accuracy: 0.7, step: 5 });
  });
});
