import { assert, defined } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import type { Figure } from '../../core/compile/training.ts';
import { count } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/value.ts';
import type { Given } from '../../core/heads/distillation.ts';
import type { Mask } from '../../core/layers/net.ts';
import { drawMask } from '../../core/training/initialise.ts';
import type { Batch, StepResult, TrainingState } from './trainer.ts';

/** What all trainers do the same way, whatever their engine: a run may change engines and go on. */

/** How a network takes its pictures. */
export interface Intake {
  readonly batch: number;
  readonly accumulation: number;
  readonly size: number;
  readonly masks: readonly Mask[];
  readonly given: readonly Given[];
}

/** What one of a step's batches is fed with, besides the state and the rate. */
export interface Part {
  /** [batch, size, size, 3] */
  readonly images: Uint8Array;
  readonly imagesShape: Shape;
  /** [batch] */
  readonly labels: Int32Array;
  /** What dropout keeps: 1, and 0 for what it leaves out. */
  readonly masks: readonly (Mask & { readonly kept: Uint8Array })[];
  readonly given: readonly (Given & { readonly data: Float32Array })[];
}

/** Asserts that these are the pictures of a whole step. */
export function assertWhole(
  { batch, accumulation, size }: Omit<Intake, 'masks' | 'given'>,
  step: Batch,
): void {
  const n = batch * accumulation;
  const whole = step.images.length === n * size * size * 3 && step.labels.length === n;
  assert(whole, `a step of ${n} crops`);
}

/** The batch number `part` of the step after `step` steps. Dropout depends on the run's seed and on both numbers alone. */
export function partOf(
  { batch, accumulation, size, masks, given }: Intake,
  { images, labels, given: all }: Pick<Batch, 'images' | 'labels' | 'given'>,
  { step, seed, part }: { readonly step: number; readonly seed: number; readonly part: number },
): Part {
  const [from, to] = [part * batch, (part + 1) * batch];
  const pixels = size * size * 3;
  const drawn = step * accumulation + part;
  return {
    images: images.subarray(from * pixels, to * pixels),
    imagesShape: [batch, size, size, 3],
    labels: labels.subarray(from, to),
    masks: masks.map((mask) => ({ ...mask, kept: drawMask(mask.name, mask.shape, mask.rate, seed, drawn) })),
    given: given.map((one) => {
      const length = count(one.shape);
      const data = defined(all?.get(one.name), `the step’s ${one.name}`);
      assert(data.length === length * accumulation, `${data.length} numbers of ${one.name}`);
      return { ...one, data: data.subarray(part * length, (part + 1) * length) };
    }),
  };
}

/** The result of a step from the figures of its batches, one batch's after the other's. `told`: the names of those. */
export function resultOf(
  figure: (name: Figure['name']) => Float32Array,
  told: readonly string[],
): StepResult {
  const losses = figure('loss');
  return {
    loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    // of the mean derivative, which only the last batch knows
    gradientNorm: figure('gradientNorm').at(-1) ?? Number.NaN,
    ranks: figure('ranks'),
    norms: figure('norms'),
    cosines: figure('cosines'),
    probes: figure('probes'),
    others: figure('others'),
    told: told.length === 0 ? {} : meansOf(figure('told'), told),
  };
}

/** [batches, names] → the mean of each over the batches. */
function meansOf(numbers: Float32Array, names: readonly string[]): Readonly<Record<string, number>> {
  const batches = numbers.length / names.length;
  const sums = names.map((_, at) =>
    numbers.reduce((sum, number, i) => (i % names.length === at ? sum + number : sum), 0),
  );
  return Object.fromEntries(names.map((name, at) => [name, (sums[at] ?? Number.NaN) / batches]));
}

/** Throws `training/state-mismatch` where a tensor is not there or has not as many numbers as the network's. */
export function checkState(
  wanted: Iterable<readonly [name: string, length: number]>,
  { tensors }: TrainingState,
): void {
  for (const [name, length] of wanted) {
    const got = tensors.get(name)?.length ?? 0;
    if (got !== length) throw error('training/state-mismatch', { name, wanted: length, got });
  }
}
