import { defined } from '../../core/base/assert.ts';
import { givenTo } from '../../core/compile/1-build.ts';
import { compileDiagnosis } from '../../core/compile/diagnose.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
import { count } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/value.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { sampleClasses } from '../../core/training/class-sample.ts';
import { gatherRows } from './class-rows.ts';
import { openSession } from './session.ts';
import type { Tensor } from './tensor.ts';
import type { Batch, TrainerOptions, TrainingState } from './trainer.ts';
import { partOf } from './trainer-parts.ts';

/** Where numbers stopped being finite. */
export interface Divergence {
  /** `stage1.0.conv1`; `loss` where every layer was well. */
  readonly layer: string;
  /** In the network's results, or in the derivatives on the way back. */
  readonly direction: 'forward' | 'backward';
  /** Which of the step's batches, with accumulation; 0 is the first. */
  readonly batch: number;
}

/**
 * The layer in which a step went wrong, from the state before it: the first on the way forward whose result is not
 * finite, else the first on the way back, from the loss, whose derivative is not. Null where all is finite.
 * Throws `engine/run-failed` and what opening a session throws.
 */
export async function diagnose(
  plan: TrainingPlan,
  state: TrainingState,
  step: Batch,
  options: TrainerOptions,
): Promise<Divergence | null> {
  const { model, parameters, state: carried, masks: zeros } = compileDiagnosis(plan);
  const intake = { ...plan, masks: zeros, given: givenTo(plan) };
  const session = await openSession(
    { name: model.graph.name, bytes: writeOnnx(model) },
    { ...options, rewrite: false },
  );
  try {
    const { labels, numbersOf } = fedFor(plan, state, step, options.seed);
    const batch = { ...step, labels };
    const tensors = [...parameters, ...carried].map(({ name, shape }): [string, Tensor] => [
      name,
      { shape, data: numbersOf(name, shape) },
    ]);
    for (let part = 0; part < plan.accumulation; part++) {
      const at = { step: state.step, seed: options.seed, part };
      const { images, imagesShape, labels, masks, given } = partOf(intake, batch, at);
      const feeds: Record<string, Tensor> = {
        ...Object.fromEntries(tensors),
        images: { shape: imagesShape, data: images },
        labels: { shape: [labels.length], data: labels },
      };
      for (const { name, shape, kept } of masks) feeds[name] = { shape, data: kept };
      for (const { name, shape, data } of given) feeds[name] = { shape, data };
      const results = await session.run(feeds);
      const wrong = (output: string): boolean[] =>
        Array.from(defined(results[output], output).data, Number).map((value) => !Number.isFinite(value));
      const [forward, backward, loss] = [wrong('forward'), wrong('backward'), wrong('loss')];
      const found = (at: number, direction: Divergence['direction']): Divergence => {
        const { name } = defined(parameters[at], `parameter ${at}`);
        return { layer: name.slice(0, name.lastIndexOf('.')), direction, batch: part };
      };
      if (forward.includes(true)) return found(forward.indexOf(true), 'forward');
      if (loss.includes(true)) return { layer: 'loss', direction: 'forward', batch: part };
      if (backward.includes(true)) return found(backward.lastIndexOf(true), 'backward');
    }
    return null;
  } finally {
    await session.close();
  }
}

/** Labels and parameters as the graph takes them: of the step's classes, where it has a sample of them. */
function fedFor(
  { classes, sampled }: TrainingPlan,
  { step, tensors }: TrainingState,
  { labels }: Batch,
  seed: number,
): { readonly labels: Int32Array; readonly numbersOf: (name: string, shape: Shape) => Float32Array } {
  const numbers = (name: string): Float32Array => defined(tensors.get(name), `the state's ${name}`);
  if (sampled === undefined) return { labels, numbersOf: numbers };
  const { rows, labels: places } = sampleClasses({ classes, sampled, labels, seed, step });
  return {
    labels: places,
    numbersOf: (name, shape) => {
      const [whole, own] = [numbers(name), new Float32Array(count(shape))];
      if (whole.length === own.length) return whole;
      gatherRows(whole, rows, whole.length / classes, own);
      return own;
    },
  };
}
