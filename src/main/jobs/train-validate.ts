import { inUse } from '../../core/compile/average.ts';
import { validate } from '../training/validate.ts';
import { type SeenRun, type Standing, sideProviderOf } from './train-open.ts';
import type { TrainHost, TrainSetup } from './train-protocol.ts';

/** A validation that takes longer is not risked without a checkpoint before it. */
const longMs = 10_000;

export interface Verified {
  readonly standing: Standing;
  /** Mean over the sets. */
  readonly accuracy: number;
}

/** When and how a run is verified. */
export interface Validation {
  /** Whether the network is verified after so many steps: every so many epochs, before the first step and after the last. */
  due(step: number): boolean;
  /** Whether it takes long enough to save before; false where that is not known yet. */
  isLong(): boolean;
  /**
   * Verifies the present network and tells the application. Before the first step that is to compare with only, and neither
   * the best nor counted. Throws `Cancelled`, and what reading crops does.
   */
  run(standing: Standing): Promise<Verified>;
}

export function openValidation(
  setup: TrainSetup,
  { plan, trainer, tensors, stepsPerEpoch, steps }: SeenRun,
  host: Pick<TrainHost, 'evaluated'>,
  signal: AbortSignal,
  now: () => number,
): Validation {
  const { recipe, packsDir, threads } = setup;
  const sets = setup.validation.filter(({ same }) => same.length >= 2);
  const every = recipe.validation.everyEpochs * stepsPerEpoch;
  const provider = sideProviderOf(setup);
  const options = { plan, sets, packsDir, signal, provider, threads, flip: recipe.validation.flip };
  let tookMs = 0;
  return {
    due: (step) => sets.length > 0 && (step === 0 || step === steps || isMultiple(step, every)),
    isLong: () => tookMs > longMs,
    run: async (standing) => {
      const startedAt = now();
      const { step } = trainer;
      const trained = inUse(
        tensors.map(({ name, data }) => [name, data()]),
        step,
      );
      let sum = 0;
      for await (const evaluation of validate(options, trained, step)) {
        await host.evaluated(evaluation);
        sum += evaluation.accuracy;
      }
      tookMs = now() - startedAt;
      const accuracy = sum / sets.length;
      const counted =
        step === 0 ? standing : counting(standing, step, accuracy, recipe.earlyStop?.minDelta ?? 0);
      return { accuracy, standing: { ...counted, validated: step } };
    },
  };
}

/** Whether `step` is the nearest whole number to a multiple of `every`. */
export function isMultiple(step: number, every: number): boolean {
  const times = Math.max(1, Math.round(step / every));
  // where `every` is below 1, several multiples fall on a step
  return every <= 1 || Math.round(times * every) === step;
}

function counting(standing: Standing, step: number, accuracy: number, minDelta: number): Standing {
  const { best, mark, sinceBest } = standing;
  // Of equals the latest: where nothing is left to tell apart, as at 100 %, the earliest has hardly been trained.
  const isBest = best === null || accuracy >= best.accuracy;
  // Not from the best: many small gains are progress, too.
  const isProgress = mark === null || accuracy > mark + minDelta;
  return {
    ...standing,
    best: isBest ? { accuracy, step } : best,
    mark: isProgress ? accuracy : mark,
    sinceBest: isProgress ? 0 : sinceBest + 1,
  };
}
