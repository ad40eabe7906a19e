import { error } from '../../core/base/errors.ts';
import { isOfNetwork } from '../../core/compile/average.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
import { recipeDifferences, sameSplit } from '../../core/recipe/difference.ts';
import { planOf, scheduleOf, stepsOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Schedule } from '../../core/training/schedule.ts';
import { openTrainerFor } from '../engine/open-trainer.ts';
import type { Provider } from '../engine/providers.ts';
import type { Trainer } from '../engine/trainer.ts';
import { extrasOf } from '../plugins/use.ts';
import {
  type CheckpointFacts,
  type CheckpointHeader,
  type Destination,
  type LiveTensor,
  readCheckpoint,
  readCheckpointHeader,
} from '../training/checkpoint.ts';
import { type Loader, openLoader } from '../training/loader.ts';
import { liveTensors, ofRun, ofWeights, type TakenOver, takeOver } from '../training/state.ts';
import type { Teacher } from '../training/teacher.ts';
import { readWeights } from '../training/weights.ts';
import type { TrainSetup } from './train-protocol.ts';
import { openTeacherOf } from './train-teacher.ts';

/** How a run stands besides the trainer's state. */
export type Standing = Pick<CheckpointFacts, 'best' | 'mark' | 'sinceBest' | 'validated' | 'seconds'>;

/** A run, ready for its next step. */
export interface OpenRun {
  readonly plan: TrainingPlan;
  readonly schedule: Schedule;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  readonly trainer: Trainer;
  readonly tensors: readonly LiveTensor[];
  readonly standing: Standing;
  /** The step of this run's own checkpoint that it goes on from; null where it begins. */
  readonly from: number | null;
  /** What the network began with instead of random numbers; null where it did not, or goes on. */
  readonly taken: TakenOver | null;
  /** Whom it learns from, too; the caller closes it. */
  readonly teacher: Teacher | null;
}

/** A run as far as it is looked at only. */
export type SeenRun = Pick<OpenRun, 'plan' | 'tensors' | 'stepsPerEpoch' | 'steps'> & {
  readonly trainer: Pick<Trainer, 'step'>;
};

/** Batches made in advance, and threads that make them: on a processor one keeps up with any network. */
const ahead = 3;
const workers = 1;

/** What it runs on, in a word. */
export function providerOf({ recipe, provider }: Pick<TrainSetup, 'recipe' | 'provider'>): string {
  return recipe.device.engine === 'tfjs' ? 'tfjs' : provider;
}

/** What verifies and looks into its network: where another engine trains, the processor, which has the same numbers. */
export function sideProviderOf(setup: Pick<TrainSetup, 'recipe' | 'provider'>): Provider {
  return setup.recipe.device.engine === 'tfjs' ? 'cpu' : setup.provider;
}

/**
 * Opens the trainer and brings it to where the run goes on. Throws what openTrainerFor does, `recipe/too-few-images`,
 * `training/checkpoint-damaged`, `training/other-recipe`, `training/other-backbone`, `training/state-mismatch`, and what
 * `readWeights` and `openTeacherOf` do.
 */
export async function openRun(setup: TrainSetup): Promise<OpenRun> {
  const { recipe, provider, threads, fork } = setup;
  const plan = planOf(recipe, setup.classes, await extrasOf(setup));
  const { stepsPerEpoch, steps } = stepsOf(recipe, setup.crops.classes.length);
  const schedule = scheduleOf(recipe, stepsPerEpoch);
  if (setup.resume !== null)
    checkFitting(setup.resume, await readCheckpointHeader(setup.resume), recipe, fork);
  const { engine } = recipe.device;
  const teacher = await openTeacherOf(setup, plan, { provider: sideProviderOf(setup), threads });
  const device = { engine, provider, threads, seed: recipe.seed };
  const trainer = await openTrainerFor(plan, device).catch(async (thrown: unknown) => {
    await teacher?.close();
    throw thrown;
  });
  try {
    const tensors = liveTensors(trainer, plan);
    const opened = { plan, schedule, stepsPerEpoch, steps, trainer, tensors, teacher };
    const stored =
      setup.resume === null ? null : await readCheckpoint(setup.resume, destinations(tensors, fork));
    if (stored === null || fork) {
      const numbers =
        stored === null
          ? await weightsOf(setup, plan)
          : ofRun(stored, plan, sameSplit(stored.header.recipe, recipe));
      const taken = numbers && takeOver(trainer, opened, numbers);
      return { ...opened, standing: newborn, from: null, taken };
    }
    trainer.restore(stored.state);
    const { best, mark, sinceBest, validated, seconds } = stored.header;
    return {
      ...opened,
      standing: { best, mark, sinceBest, validated, seconds },
      from: trainer.step,
      taken: null,
    };
  } catch (thrown) {
    await teacher?.close();
    await trainer.close();
    throw thrown;
  }
}

/** Numbers of a file that a run begins with; null where it does not. */
async function weightsOf(
  { weights }: TrainSetup,
  plan: TrainingPlan,
): Promise<((tensor: LiveTensor) => Float32Array | null) | null> {
  return weights === undefined ? null : ofWeights((await readWeights(weights, plan)).tensors);
}

/** Names that are told at most. */
const mostNames = 8;

/** What was taken over, as lines for the job's log. */
export function takenInWords({ wanted, taken, left, head }: TakenOver): string {
  const names = left.slice(0, mostNames).join(', ');
  const more = left.length > mostNames ? ` and ${left.length - mostNames} more` : '';
  const anew = left.length === 0 ? '' : `; anew begin ${names}${more}`;
  return `The network begins with ${taken} of ${wanted} tensors of what it starts from${anew}. ${
    head ? 'Class weights are taken over, too.' : 'The head begins anew.'
  }`;
}

const newborn: Standing = { best: null, mark: null, sinceBest: 0, validated: null, seconds: 0 };

/**
 * Where the numbers of a checkpoint go: a run that goes on has arrays of its own for them; a fork takes parameters (or
 * their averages) and statistics over where they fit, and nothing else of what the optimizer remembers.
 */
function destinations(tensors: readonly LiveTensor[], fork: boolean): Destination {
  const own = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return (tensor) => {
    const { name, length } = tensor;
    if (fork) return isOfNetwork(tensor) ? new Float32Array(length) : null;
    const live = own.get(name);
    return live?.length === length ? live.data() : new Float32Array(length);
  };
}

/** Whether a run of the recipe can go on from a checkpoint, or be forked from it. */
function checkFitting(file: string, header: CheckpointHeader, recipe: Recipe, fork: boolean): void {
  if (fork) {
    const [wanted, got] = [recipe.network.backbone, header.recipe.network.backbone];
    if (got !== wanted) throw error('training/other-backbone', { got, wanted });
    return;
  }
  const paths = different(header.recipe, recipe);
  if (paths.length > 0) throw error('training/other-recipe', { file, paths: paths.join(', ') });
}

/** What decides the numbers of a run; where it runs is not part of it. */
function different(a: Recipe, b: Recipe): string[] {
  return recipeDifferences(a, b)
    .map(({ path }) => path)
    .filter((path) => !path.startsWith('device.'));
}

/** The pictures of the steps from `firstStep` on. */
export function openRunLoader(setup: TrainSetup, firstStep: number, steps: number): Promise<Loader> {
  const { recipe, crops, packsDir, pluginsDir } = setup;
  return openLoader({
    ...{ crops, packsDir, pluginsDir, firstStep, steps, workers, ahead },
    size: recipe.network.size,
    augmentation: recipe.data.augmentation,
    sampler: recipe.data.sampler,
    seed: recipe.seed,
    stepImages: recipe.batch * recipe.accumulation,
  });
}
