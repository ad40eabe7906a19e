import type { Tensor } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../../core/base/assert.ts';
import { error } from '../../../core/base/errors.ts';
import type { TrainingPlan } from '../../../core/compile/training.ts';
import { drawMask, type Initialised, initialise } from '../../../core/training/initialise.ts';
import type { Batch, StepResult, Trainer, TrainingState } from '../trainer.ts';
import { buildStep, type TfjsStep } from './step.ts';
import type { Tf } from './tf.ts';

export interface TfjsOptions {
  /** Of the first parameters and of the dropout. */
  readonly seed: number;
}

/**
 * A network in training by tfjs: the same graph and the same optimizer as in onnxruntime, differentiated by tfjs itself.
 * States are of one form, so that a run can go on in either engine.
 */
export async function openTfjsTrainer(plan: TrainingPlan, { seed }: TfjsOptions, tf: Tf): Promise<Trainer> {
  await tf.ready();
  return new TfjsTrainer(plan, buildStep(tf, plan), seed, tf);
}

/** The state as tensors, by name. */
type State = ReadonlyMap<string, Tensor>;

class TfjsTrainer implements Trainer {
  readonly #tf: Tf;
  readonly #plan: TrainingPlan;
  readonly #computed: TfjsStep;
  readonly #seed: number;
  #now: State;
  /** Before the last step, while one can go back. */
  #before: State | null = null;
  #step = 0;
  #open = true;

  constructor(plan: TrainingPlan, computed: TfjsStep, seed: number, tf: Tf) {
    this.#tf = tf;
    this.#plan = plan;
    this.#computed = computed;
    this.#seed = seed;
    this.#now = this.#state((tensor) => initialise(tensor, seed));
  }

  get step(): number {
    return this.#step;
  }

  async run({ images, labels, rate }: Batch): Promise<StepResult> {
    assert(this.#open, 'the trainer is open');
    const { batch, size, accumulation } = this.#plan;
    const n = batch * accumulation;
    assert(images.length === n * size * size * 3 && labels.length === n, `${n} crops`);
    const tf = this.#tf;
    const feeds = (part: number): ReadonlyMap<string, Tensor> => {
      const [from, to] = [part * batch, (part + 1) * batch];
      const crops = images.subarray(from * size * size * 3, to * size * size * 3);
      const masks = this.#computed.masks.map(({ name, shape, rate: zeros }) => {
        const kept = drawMask(name, shape, zeros, this.#seed, this.#step * accumulation + part);
        return [name, tf.tensor(Float32Array.from(kept), [...shape], 'float32')] as const;
      });
      return new Map<string, Tensor>([
        ['images', tf.tensor4d(Float32Array.from(crops), [batch, size, size, 3])],
        ['labels', tf.tensor1d(labels.subarray(from, to), 'int32')],
        ...masks,
      ]);
    };
    try {
      const { result, next } = this.#computed.run(this.#now, feeds, rate);
      dispose(this.#before);
      [this.#before, this.#now] = [this.#now, next];
      this.#step += 1;
      return result;
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      throw error('engine/run-failed', { path: 'training step', detail }, thrown);
    }
  }

  revert(): void {
    const before = defined(this.#before, 'a step to take back');
    dispose(this.#now);
    [this.#now, this.#before] = [before, null];
    this.#step -= 1;
  }

  read(name: string): Float32Array {
    return numbers(defined(this.#now.get(name), `the state's ${name}`));
  }

  save(): TrainingState {
    const tensors = new Map([...this.#now].map(([name, tensor]) => [name, numbers(tensor).slice()]));
    return { step: this.#step, tensors };
  }

  restore({ step, tensors }: TrainingState): void {
    for (const [name, { size: wanted }] of this.#now) {
      const got = tensors.get(name)?.length ?? 0;
      if (got !== wanted) throw error('training/state-mismatch', { name, wanted, got });
    }
    for (const state of [this.#now, this.#before]) dispose(state);
    this.#now = this.#state(({ name }) => Float32Array.from(tensors.get(name) ?? []));
    this.#before = null;
    this.#step = step;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    for (const state of [this.#now, this.#before]) dispose(state);
  }

  #state(numbersOf: (tensor: Initialised) => Float32Array): State {
    const make = (tensor: Initialised): Tensor =>
      this.#tf.keep(this.#tf.tensor(numbersOf(tensor), [...tensor.shape], 'float32'));
    return new Map(this.#computed.state.map((tensor) => [tensor.name, make(tensor)]));
  }
}

function numbers(tensor: Tensor): Float32Array {
  const data = tensor.dataSync();
  assert(data instanceof Float32Array, 'the state is float32');
  return data;
}

function dispose(state: State | null): void {
  for (const tensor of state?.values() ?? []) tensor.dispose();
}
