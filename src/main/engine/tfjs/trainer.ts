import type { Tensor } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../../core/base/assert.ts';
import { givenTo } from '../../../core/compile/1-build.ts';
import type { TrainingPlan } from '../../../core/compile/training.ts';
import type { Shape } from '../../../core/graph/value.ts';
import { type Initialised, initialise } from '../../../core/training/initialise.ts';
import { runFailed } from '../session.ts';
import type { Batch, StepResult, Trainer, TrainingState } from '../trainer.ts';
import { assertWhole, checkState, partOf } from '../trainer-parts.ts';
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

  async run(batch: Batch): Promise<StepResult> {
    assert(this.#open, 'the trainer is open');
    assertWhole(this.#plan, batch);
    const intake = { ...this.#plan, masks: this.#computed.masks, given: givenTo(this.#plan) };
    const floats = (data: Uint8Array | Float32Array, shape: Shape): Tensor =>
      this.#tf.tensor(Float32Array.from(data), [...shape], 'float32');
    const feeds = (part: number): ReadonlyMap<string, Tensor> => {
      const at = { step: this.#step, seed: this.#seed, part };
      const { images, imagesShape, labels, masks, given } = partOf(intake, batch, at);
      return new Map<string, Tensor>([
        ['images', floats(images, imagesShape)],
        ['labels', this.#tf.tensor1d(labels, 'int32')],
        ...masks.map(({ name, shape, kept }) => [name, floats(kept, shape)] as const),
        ...given.map(({ name, shape, data }) => [name, floats(data, shape)] as const),
      ]);
    };
    try {
      const { result, next } = this.#computed.run(this.#now, feeds, batch.rate);
      dispose(this.#before);
      [this.#before, this.#now] = [this.#now, next];
      this.#step += 1;
      return result;
    } catch (thrown) {
      throw runFailed('training step', thrown);
    }
  }

  revert(): void {
    const before = defined(this.#before, 'a step to take back');
    dispose(this.#now);
    [this.#now, this.#before] = [before, null];
    this.#step -= 1;
  }

  get lengths(): ReadonlyMap<string, number> {
    return new Map([...this.#now].map(([name, { size }]) => [name, size]));
  }

  read(name: string): Float32Array {
    return numbers(defined(this.#now.get(name), `the state's ${name}`));
  }

  save(): TrainingState {
    const tensors = new Map([...this.#now].map(([name, tensor]) => [name, numbers(tensor).slice()]));
    return { step: this.#step, tensors };
  }

  restore(state: TrainingState): void {
    checkState(this.lengths, state);
    for (const tensors of [this.#now, this.#before]) dispose(tensors);
    this.#now = this.#state(({ name }) => Float32Array.from(state.tensors.get(name) ?? []));
    this.#before = null;
    this.#step = state.step;
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
