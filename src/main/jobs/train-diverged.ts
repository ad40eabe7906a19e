import { error } from '../../core/base/errors.ts';
import type { Batch } from '../engine/trainer.ts';
import type { LiveTensor } from '../training/checkpoint.ts';
import { firstNotFinite } from '../training/watch.ts';
import type { OpenRun } from './train-open.ts';
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
 * the step, separated by commas.
 */
export async function divergence(found: DivergedStep, _run: OpenRun, _setup: TrainSetup): Promise<Error> {
  const { step, loss, gradientNorm, indices } = found;
  const batch = indices.join(',');
  if (found.verdict === 'loss') {
    const detail = `the loss is ${loss.toPrecision(3)}, and has been far above where it began for ten steps`;
    return error('training/diverged', { step, detail, layer: '', what: 'loss', batch });
  }
  const { layer, what } = await diagnose(found);
  const where =
    layer === ''
      ? ''
      : what === 'forward'
        ? `; the first numbers that are none come out of ${layer}`
        : `; the derivatives of ${layer} are the first that are no numbers`;
  const detail = `the loss is ${loss}, the length of the derivatives ${gradientNorm}${where}`;
  return error('training/diverged', { step, detail, layer, what, batch });
}

async function diagnose({ loss }: DivergedStep): Promise<{ layer: string; what: string }> {
  return { layer: '', what: Number.isFinite(loss) ? 'backward' : 'forward' };
}
