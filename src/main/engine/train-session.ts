import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { assert, defined } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { type CompiledTraining, type StateTensor, successor } from '../../core/compile/training.ts';
import { count } from '../../core/graph/shape.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { drawMask, initialise } from '../../core/training/initialise.ts';
import { type EngineOptions, openNative } from './session.ts';

/** One batch and the learning rate of its step. */
export interface Batch {
  /** [batch, size, size, 3], 0..255. */
  readonly images: Uint8Array;
  /** [batch], 0..classes − 1. */
  readonly labels: Int32Array;
  readonly rate: number;
}

export interface StepResult {
  /** Before the step. Not a number, or infinite, where training has diverged. */
  readonly loss: number;
  /** How many of the batch were recognised. */
  readonly correct: number;
  readonly gradientNorm: number;
}

/** All that a run continues from: exactly the same steps follow. */
export interface TrainingState {
  /** Steps taken. */
  readonly step: number;
  /** Every tensor of the state by its name. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

export interface TrainerOptions extends EngineOptions {
  /** Of the first parameters and of the dropout. */
  readonly seed: number;
}

/**
 * A network in training. The state lives in two sets of buffers that change places at every step: a step reads one and
 * writes the other, so that nothing is allocated. A step blocks its thread; it belongs into a worker. Close it.
 */
export interface Trainer {
  readonly step: number;
  /** Takes a step. Throws `engine/run-failed`; the state is then as it was. */
  run(batch: Batch): Promise<StepResult>;
  /** The present numbers of a tensor of the state; they hold until the next step but one. */
  read(name: string): Float32Array;
  /** A copy of the whole state. */
  save(): TrainingState;
  /** Continues from a saved state. Throws `training/state-mismatch` where it is another network's. */
  restore(state: TrainingState): void;
  close(): Promise<void>;
}

/** Throws `engine/provider-unavailable` or `engine/model-damaged`. */
export async function openTrainer(compiled: CompiledTraining, options: TrainerOptions): Promise<Trainer> {
  const network = { name: compiled.model.graph.name, bytes: writeOnnx(compiled.model) };
  const native = await openNative(network, { ...options, memoryPlan: false });
  const { Tensor } = await import('onnxruntime-node');
  return new OnnxTrainer(compiled, native, Tensor, options.seed);
}

type TensorMaker = typeof Tensor;

/** A tensor of the state: its numbers, as what is read and as what is written. */
interface Buffer {
  readonly data: Float32Array;
  readonly tensor: Tensor;
}

class OnnxTrainer implements Trainer {
  readonly #compiled: CompiledTraining;
  readonly #make: TensorMaker;
  readonly #seed: number;
  readonly #figures: Readonly<Record<keyof StepResult, Buffer>>;
  #native: InferenceSession | null;
  #now: ReadonlyMap<string, Buffer>;
  #next: ReadonlyMap<string, Buffer>;
  #step = 0;

  constructor(compiled: CompiledTraining, native: InferenceSession, make: TensorMaker, seed: number) {
    this.#compiled = compiled;
    this.#native = native;
    this.#make = make;
    this.#seed = seed;
    const buffers = (first: (tensor: StateTensor) => Float32Array): ReadonlyMap<string, Buffer> =>
      new Map(compiled.state.map((tensor) => [tensor.name, this.#buffer(first(tensor), tensor.shape)]));
    this.#now = buffers((tensor) => initialise(tensor, seed));
    this.#next = buffers(({ shape }) => new Float32Array(count(shape)));
    const figure = (): Buffer => this.#buffer(new Float32Array(1), []);
    this.#figures = { loss: figure(), correct: figure(), gradientNorm: figure() };
  }

  get step(): number {
    return this.#step;
  }

  async run({ images, labels, rate }: Batch): Promise<StepResult> {
    assert(this.#native !== null, 'the trainer is open');
    const { batch, size, masks } = this.#compiled;
    assert(images.length === batch * size * size * 3 && labels.length === batch, `a batch of ${batch} crops`);
    const feeds: Record<string, Tensor> = {
      images: new this.#make('uint8', images, [batch, size, size, 3]),
      labels: new this.#make('int32', labels, [batch]),
      rate: new this.#make('float32', Float32Array.of(rate), []),
    };
    for (const mask of masks) {
      const kept = drawMask(mask.name, mask.shape, mask.rate, this.#seed, this.#step);
      feeds[mask.name] = new this.#make('uint8', kept, mask.shape);
    }
    const fetches: Record<string, Tensor> = {};
    for (const [name, { tensor }] of this.#now) feeds[name] = tensor;
    for (const [name, { tensor }] of this.#next) fetches[successor(name)] = tensor;
    for (const [name, { tensor }] of Object.entries(this.#figures)) fetches[name] = tensor;
    try {
      await this.#native.run(feeds, fetches);
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      throw error('engine/run-failed', { path: this.#compiled.model.graph.name, detail }, thrown);
    }
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#step += 1;
    const { loss, correct, gradientNorm } = this.#figures;
    return { loss: only(loss), correct: only(correct), gradientNorm: only(gradientNorm) };
  }

  read(name: string): Float32Array {
    return defined(this.#now.get(name), `the state's ${name}`).data;
  }

  save(): TrainingState {
    const tensors = new Map([...this.#now].map(([name, { data }]) => [name, data.slice()]));
    return { step: this.#step, tensors };
  }

  restore({ step, tensors }: TrainingState): void {
    for (const [name, { data }] of this.#now) {
      const got = tensors.get(name)?.length ?? 0;
      if (got !== data.length) throw error('training/state-mismatch', { name, wanted: data.length, got });
    }
    for (const [name, { data }] of this.#now) data.set(tensors.get(name) ?? []);
    this.#step = step;
  }

  async close(): Promise<void> {
    const native = this.#native;
    this.#native = null;
    await native?.release();
  }

  #buffer(data: Float32Array, shape: readonly number[]): Buffer {
    return { data, tensor: new this.#make('float32', data, shape) };
  }
}

const only = ({ data }: Buffer): number => data[0] ?? Number.NaN;
