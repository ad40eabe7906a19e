import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { error, hasCode } from '../../../core/base/errors.ts';
import type { RunPoints } from '../../../core/contract/runs.ts';
import { requireRecipe } from '../../../core/recipe/parse.ts';
import { metricColumns } from '../../../core/training/metrics.ts';
import type { TrainHost, TrainSetup } from '../../jobs/train-protocol.ts';
import {
  addCheckpoint,
  addEvaluation,
  addSnapshot,
  bestOf,
  cutRecords,
  forgetCheckpoint,
  listCheckpoints,
  listEvaluations,
} from '../../store/run-records.ts';
import { changeRun, type StoredRun } from '../../store/runs.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import type { JobReport, JobRunner } from '../queue.ts';
import type { Runs } from '../runs.ts';
import { weightsFile } from '../runs-actions.ts';
import { validationBenchmarks } from '../training-benchmarks.ts';
import { trainingData } from '../training-data.ts';
import type { Devices } from '../training-devices.ts';
import { trainSetup } from '../training-setup.ts';
import { teacherPath, teacherSetup } from '../training-teacher.ts';

const trainInput = z.object({ run: z.int() });

/** How long a training may take to save before it is ended: its state may be half a gigabyte. */
const graceMs = 120_000;
/** How often pages are told of steps, at most. */
const tellEveryMs = 250;

/** Trains the network of a run, from its last checkpoint or the beginning, and saves all that it tells. */
export function trainRunner(context: Context, runs: Runs, devices: Devices): JobRunner {
  const { store } = context;
  return async (job, report) => {
    const stored = runs.requireOpen(trainInput.parse(JSON.parse(job.input)).run);
    // Settings that came after the run was started have their defaults.
    const run = { ...stored, recipe: requireRecipe(stored.recipe) };
    const files = runs.files(run.id);
    report.progress(run.step, run.steps);
    const data = trainingData(store, run.recipe);
    requireBenchmarks(context, run);
    const { setup, note } = await trainSetup(context, devices, run.recipe, data, files.checkpoints);
    const teacher = await teacherSetup(context, run.recipe, teacherPath(files.folder));
    if (note !== null) report.log([note]);
    for (;;) {
      const last = listCheckpoints(store, run.id).at(-1);
      const forked = last === undefined && run.forkFile !== null;
      const file = forked ? join(files.folder, run.forkFile ?? '') : null;
      const weights = file !== null && run.forkFile === weightsFile ? { weights: file } : {};
      const begun = 'weights' in weights ? null : file;
      const resume = last === undefined ? begun : join(files.checkpoints, last.file);
      rewind(run, last?.step ?? 0);
      try {
        return await train(run, { ...setup, ...teacher, ...weights, resume, fork: begun !== null }, report);
      } catch (thrown) {
        // One that cannot be read is passed over: the one before it is as good, with some steps to take again.
        if (last === undefined || !hasCode(thrown, 'training/checkpoint-damaged')) throw thrown;
        if (listCheckpoints(store, run.id).length < 2) throw thrown;
        store.write((writer) => forgetCheckpoint(writer, run.id, last.step));
      }
    }
  };

  /** Forgets what was recorded after the step that the run goes on from. */
  function rewind(run: StoredRun, step: number): void {
    runs.metrics.cut(run.id, step);
    store.write((writer) => {
      cutRecords(writer, run.id, step);
      changeRun(writer, run.id, { step, best: bestOf(listEvaluations(writer, run.id)) });
    });
  }

  async function train(
    run: StoredRun,
    setup: TrainSetup,
    report: JobReport,
  ): Promise<Record<string, number>> {
    const points = pointTeller(context, runs, run.id);
    const live = runs.follow(run.id);
    const host: TrainHost = {
      started: async ({ provider, steps, stepsPerEpoch, step }) => {
        const startedAt = run.startedAt ?? context.now();
        runs.change(run.id, { provider, steps, stepsPerEpoch, step, startedAt });
      },
      steps: async ({ first, rows, figures, memory }) => {
        const width = metricColumns.length + figures.length;
        runs.metrics.append(run.id, first, rows, figures);
        live.note(rows, memory, width);
        const step = first + rows.length / width - 1;
        store.write((writer) => changeRun(writer, run.id, { step, loss: live.loss }));
        points.note(first, rows, figures);
      },
      snapshot: async (snapshot) => {
        store.write((writer) => addSnapshot(writer, run.id, snapshot));
      },
      evaluated: async (evaluation) => {
        store.write((writer) => addEvaluation(writer, run.id, evaluation));
        context.events.changed('runs');
      },
      saved: async ({ step, file, bytes, accuracy, best }) => {
        // Before the checkpoint counts, so that there is a row for each of its steps.
        await runs.metrics.sync(run.id);
        const checkpoint = { step, file, bytes, accuracy, best, createdAt: context.now() };
        store.write((writer) => {
          addCheckpoint(writer, run.id, checkpoint);
          changeRun(writer, run.id, { best: bestOf(listEvaluations(writer, run.id)), forkFile: null });
        });
        if (run.forkFile !== null) await rm(join(runs.files(run.id).folder, run.forkFile), { force: true });
        points.flush();
        context.events.changed('runs');
      },
      ended: async (reason) => {
        store.write((writer) => changeRun(writer, run.id, { reason }));
      },
    };
    try {
      return await runJob({
        ...{ entry: context.workerEntry, kind: 'train', setup, host: { ...host }, graceMs },
        signal: report.signal,
        onProgress: report.progress,
        onLog: report.log,
      });
    } finally {
      points.flush();
    }
  }
}

/** A run keeps to the sets that it began with. Errors: `run/benchmark-gone`, those of `validationBenchmarks`. */
function requireBenchmarks({ store }: Pick<Context, 'store'>, { name, recipe }: StoredRun): void {
  for (const hash of recipe.validation.benchmarks) {
    try {
      validationBenchmarks(store, { validation: { ...recipe.validation, benchmarks: [hash] } });
    } catch (thrown) {
      if (!hasCode(thrown, 'benchmark/unknown')) throw thrown;
      throw error('run/benchmark-gone', { name, hash: hash.slice(0, 12) }, thrown);
    }
  }
}

/** Gathers the rows of steps and tells of them a few times a second. */
function pointTeller(
  context: Pick<Context, 'events'>,
  runs: Runs,
  run: number,
): { note(first: number, rows: Float32Array, figures: readonly string[]): void; flush(): void } {
  let waiting: RunPoints | null = null;
  let timer: NodeJS.Timeout | undefined;
  let told = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === null) return;
    told = performance.now();
    context.events.emit('run.points', waiting);
    waiting = null;
    context.events.emit('run.changed', runs.present(runs.require(run)));
  };
  return {
    flush,
    note: (first, rows, figures) => {
      const width = metricColumns.length + figures.length;
      const added = Array.from({ length: rows.length / width }, (_, i) =>
        Array.from(rows.subarray(i * width, (i + 1) * width), (value) =>
          Number.isFinite(value) ? value : null,
        ),
      );
      waiting =
        waiting === null
          ? { run, first, rows: added, figures }
          : { ...waiting, rows: [...waiting.rows, ...added] };
      const left = tellEveryMs - (performance.now() - told);
      if (left <= 0) flush();
      else timer ??= setTimeout(flush, left);
    },
  };
}
