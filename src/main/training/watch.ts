import { leastScale } from '../../core/compile/loss-scale.ts';
import type { StepResult } from '../engine/trainer.ts';
import type { LiveTensor } from './checkpoint.ts';

/**
 * When training counts as diverged: as soon as the loss or the length of the derivatives is no finite number; or when the
 * loss has been more than 10,000 times what a network that knows nothing has, for ten steps on end. In mixed precision a
 * step that is not finite has changed nothing but the loss's scale, and training goes on, until the scale cannot fall
 * any further.
 */
export interface Watch {
  /** Whether the step was still good, or was skipped; 'numbers' or 'loss' is what is wrong otherwise. */
  judge(
    step: Pick<StepResult, 'loss' | 'gradientNorm'> & Partial<Pick<StepResult, 'told'>>,
  ): 'good' | 'skipped' | 'numbers' | 'loss';
}

const factor = 1e4;
const patience = 10;

/** `expected`: the first loss of a network that knows nothing: ln(classes) and more. */
export function openWatch(expected: number): Watch {
  const limit = factor * Math.max(1, expected);
  let beyond = 0;
  return {
    judge: ({ loss, gradientNorm, told = {} }) => {
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
        return (told['lossScale'] ?? leastScale) > leastScale ? 'skipped' : 'numbers';
      beyond = loss > limit ? beyond + 1 : 0;
      return beyond >= patience ? 'loss' : 'good';
    },
  };
}

/** The first tensor that has a number that is none; null where all are finite. */
export function firstNotFinite(tensors: readonly LiveTensor[]): string | null {
  return tensors.find(({ data }) => !allFinite(data()))?.name ?? null;
}

/** A loop: a network's state may have a hundred million numbers. */
function allFinite(numbers: Float32Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}
