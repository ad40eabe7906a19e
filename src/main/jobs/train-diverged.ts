import { error } from '../../core/base/errors.ts';
import { type Divergence, diagnose } from '../engine/diagnose.ts';
import type { Batch } from '../engine/trainer.ts';
import type { LiveTensor } from '../training/checkpoint.ts';
import { firstNotFinite } from '../training/watch.ts';
import { type SeenRun, sideProviderOf } from './train-open.ts';
import type { TrainSetup } from './train-protocol.ts';

/** A step that diverged, after which the trainer went back to the state before it. */
export interface DivergedStep {
  /** Counted from 1. */
  readonly step: number;
  readonly verdict: 'numbers' | 'loss';
  readonly loss: number;
  readonly gradientNorm: number;
  readonly batch: Batch;
  /** Rows of the crops. */
  readonly indices: Int32Array;
}

/** Saves the state before the step, unless it is part of what went wrong. */
export async function saveLastGood(
  verdict: DivergedStep['verdict'],
  tensors: readonly LiveTensor[],
  save: () => Promise<void>,
): Promise<void> {
  if (verdict === 'numbers' && firstNotFinite(tensors) === null) await save();
}

/**
 * `training/diverged` with `step`, `layer`, `what` ('forward', 'backward' or 'loss'), and `batch`: the rows of the crops of
 * the step, separated by commas; with accumulation those of the batch of it that went wrong.
 */
export async function divergence(found: DivergedStep, run: SeenRun, setup: TrainSetup): Promise<Error> {
  const { step, loss, gradientNorm, indices, verdict } = found;
  if (verdict === 'loss') {
    const detail = `the loss is ${loss.toPrecision(3)}, and has been far above where it began for ten steps`;
    return error('training/diverged', { step, detail, layer: '', what: 'loss', batch: indices.join(',') });
  }
  const cause = await causeOf(found, run, setup);
  const size = setup.recipe.batch;
  const rows = cause === null ? indices : indices.subarray(cause.batch * size, (cause.batch + 1) * size);
  const figures = `the loss is ${loss}, the length of the derivatives ${gradientNorm}`;
  return error('training/diverged', {
    step,
    detail: cause === null ? figures : `${figures}; ${inWords(cause)}`,
    layer: cause?.layer ?? '',
    what: cause?.direction ?? (Number.isFinite(loss) ? 'backward' : 'forward'),
    batch: rows.join(','),
  });
}

/** Null where it does not show again, or cannot be looked for: the step that diverged is told in any case. */
async function causeOf(
  { batch }: DivergedStep,
  { plan, trainer, tensors }: SeenRun,
  setup: TrainSetup,
): Promise<Divergence | null> {
  const { recipe, threads } = setup;
  const state = { step: trainer.step, tensors: new Map(tensors.map(({ name, data }) => [name, data()])) };
  const options = { provider: sideProviderOf(setup), threads, seed: recipe.seed };
  return diagnose(plan, state, batch, options).catch(() => null);
}

function inWords({ layer, direction }: Divergence): string {
  if (layer === 'loss') return 'every layer gives numbers, the loss does not';
  return direction === 'forward'
    ? `${layer} is the first layer whose result is not finite`
    : `${layer} is the first layer on the way back whose derivative is not finite`;
}
