import { setImmediate } from 'node:timers/promises';
import { Cancelled, hasCode } from '../../core/base/errors.ts';
import { expectedFirstLoss } from '../../core/compile/first-loss.ts';
import { rateAt } from '../../core/training/schedule.ts';
import type { Batch } from '../engine/trainer.ts';
import { configureImages } from '../images/setup.ts';
import { removePartial } from '../training/checkpoint.ts';
import type { Loader } from '../training/loader.ts';
import { openDistributions, rowOf } from '../training/tally.ts';
import { openWatch } from '../training/watch.ts';
import type { Job, JobContext } from './job.ts';
import { divergence, saveLastGood } from './train-diverged.ts';
import { openKeeper } from './train-keep.ts';
import {
  type OpenRun,
  openRun,
  openRunLoader,
  providerOf,
  type Standing,
  takenInWords,
} from './train-open.ts';
import type { TrainHost, TrainSetup } from './train-protocol.ts';
import { openTeller } from './train-tell.ts';
import { openValidation } from './train-validate.ts';

const snapshotSteps = 50;
const snapshotMs = 10_000;

/**
 * Trains a network by a recipe, from the beginning or a checkpoint. When it is asked to stop, or when it fails, what can be
 * continued is saved first. Summary: `steps` taken by this process, `step` come to, `loss` of the last.
 * Throws what openRun does, `training/diverged`, and what reading crops and writing checkpoints do.
 */
export const trainJob: Job<TrainSetup, TrainHost> = async (setup, host, context) => {
  configureImages();
  await removePartial(setup.checkpointsDir);
  const run = await openRun(setup);
  const { trainer, stepsPerEpoch, steps, taken } = run;
  if (taken !== null) context.log(takenInWords(taken));
  const begun = trainer.step;
  let loader: Loader | null = null;
  try {
    await host.started({ provider: providerOf(setup), stepsPerEpoch, steps, step: begun });
    if (begun < steps) loader = await openRunLoader(setup, begun, steps - begun);
    const loss = await train({ setup, host, context, run, loader });
    return { steps: trainer.step - begun, step: trainer.step, loss };
  } finally {
    await loader?.close();
    await run.teacher?.close();
    await trainer.close();
  }
};

interface Parts {
  readonly setup: TrainSetup;
  readonly host: TrainHost;
  readonly context: JobContext;
  readonly run: OpenRun;
  /** Null where no step is left. */
  readonly loader: Loader | null;
}

/** Steps, validations and checkpoints in turn, until the run ends by itself or is stopped. The last loss. */
async function train({ setup, host, context, run, loader }: Parts): Promise<number> {
  const { recipe } = setup;
  const { trainer, plan, tensors, schedule, stepsPerEpoch, steps } = run;
  const now = (): number => performance.now();
  const startedAt = now();
  let standing: Standing = run.standing;
  const seconds = (): number => run.standing.seconds + (now() - startedAt) / 1000;
  const keeper = openKeeper({ dir: setup.checkpointsDir, host, tensors, from: run.from, now });
  const teller = openTeller(host, context, steps, now);
  const validation = openValidation(setup, run, host, context.signal, now);
  const distributions = openDistributions();
  const watch = openWatch(expectedFirstLoss(plan) ?? 1);
  let snapshotAt = now();
  let loss = Number.NaN;

  const save = async (accuracy: number | null = null): Promise<void> => {
    await teller.flush();
    const { step } = trainer;
    const epoch = Math.floor(step / stepsPerEpoch);
    const facts = { ...standing, step, epoch, recipe, seconds: seconds(), provider: providerOf(setup) };
    await trainer.fetch?.();
    await keeper.save(facts, accuracy);
  };
  const saveIfNew = async (): Promise<void> => {
    if (trainer.step > 0 && trainer.step !== keeper.step) await save();
  };
  const snapshot = async (): Promise<void> => {
    await teller.flush();
    await host.snapshot(distributions.take(trainer.step));
    snapshotAt = now();
  };
  const validate = async (): Promise<void> => {
    await teller.flush();
    if (validation.isLong()) await saveIfNew();
    await trainer.fetch?.();
    const verified = await validation.run(standing);
    standing = verified.standing;
    if (trainer.step > 0) await save(verified.accuracy);
  };
  const step = async (from: Loader): Promise<void> => {
    const stepAt = now();
    const { images, labels, indices } = await from.next();
    const waitMs = now() - stepAt;
    const given = await run.teacher?.tell(images, labels);
    const batch: Batch = { images, labels, rate: rateAt(schedule, trainer.step), ...(given && { given }) };
    const result = await trainer.run(batch);
    const verdict = watch.judge(result);
    if (verdict === 'numbers' || verdict === 'loss') {
      const found = { step: trainer.step, ...result, verdict, batch, indices };
      trainer.revert();
      await trainer.fetch?.();
      await teller.flush();
      await saveLastGood(verdict, tensors, saveIfNew);
      throw await divergence(found, run, setup);
    }
    if (Number.isFinite(result.loss)) loss = result.loss;
    const times = { rate: batch.rate, stepMs: now() - stepAt, waitMs, seconds: seconds() };
    await teller.note(trainer.step, rowOf(result, times));
    if (Number.isFinite(result.loss)) distributions.add(result);
  };

  try {
    for (;;) {
      if (validation.due(trainer.step) && standing.validated !== trainer.step) await validate();
      const early = recipe.earlyStop !== null && standing.sinceBest >= recipe.earlyStop.patience;
      const done = loader === null || trainer.step >= steps;
      if (early || done) {
        if (distributions.steps > 0) await snapshot();
        await teller.flush();
        await saveIfNew();
        await host.ended(done ? 'finished' : 'early-stop');
        return loss;
      }
      if (context.signal.aborted) throw new Cancelled();
      await step(loader);
      if (distributions.steps >= snapshotSteps || now() - snapshotAt >= snapshotMs) await snapshot();
      if (keeper.due(trainer.step) && trainer.step < steps) await save();
      await setImmediate(); // a step blocks the thread: now messages come in, such as to stop
    }
  } catch (thrown) {
    if (thrown instanceof Cancelled) await saveIfNew();
    // One that diverged has saved what is good. What failed is told, whether or not the rest can be saved.
    else if (!hasCode(thrown, 'training/diverged')) await saveIfNew().catch(() => {});
    throw thrown;
  }
}
