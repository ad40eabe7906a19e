import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { assert, defined } from '../../core/base/assert.ts';
import {
  type CompiledTraining,
  type Figure,
  type StateTensor,
  successor,
} from '../../core/compile/training.ts';
import { count } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/value.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { initialise } from '../../core/training/initialise.ts';
import { type ClassRows, openClassRows } from './class-rows.ts';
import { runInto, withUnwanted } from './run-into.ts';
import { openNative, runFailed } from './session.ts';
import type { Batch, StepResult, Trainer, TrainerOptions, TrainingState } from './trainer.ts';
import { assertWhole, checkState, partOf, resultOf } from './trainer-parts.ts';

/** Throws `engine/provider-unavailable` or `engine/model-damaged`. */
export async function openTrainer(compiled: CompiledTraining, options: TrainerOptions): Promise<Trainer> {
  const onProcessor = (options.provider ?? 'cpu') === 'cpu';
  const model = onProcessor ? withUnwanted(compiled.model) : compiled.model;
  const network = { name: model.graph.name, bytes: writeOnnx(model) };
  const rewrite = !onProcessor; // devices' own passes are not measured
  const native = await openNative(network, { ...options, memoryPlan: false, rewrite });
  const { Tensor } = await import('onnxruntime-node');
  return new OnnxTrainer(compiled, native, Tensor, options.seed);
}

type TensorMaker = typeof Tensor;

/** A tensor of the state: its numbers, as what is read and as what is written. */
interface Buffer {
  readonly data: Float32Array;
  readonly tensor: Tensor;
}

/**
 * The state lives in two sets of buffers that change places: a step reads one and writes the other, so that nothing is
 * allocated. With accumulation, what the batches carry along changes places at each of them and the rest only at the last:
 * parameters and slots are computed at each, from the derivatives so far, and overwritten by the next.
 */
class OnnxTrainer implements Trainer {
  readonly #compiled: CompiledTraining;
  readonly #make: TensorMaker;
  readonly #seed: number;
  readonly #figures: ReadonlyMap<Figure['name'], FigureBuffer>;
  /** What changes from batch to batch within a step. */
  readonly #carried: readonly string[];
  /** Running statistics before the step, where its batches overwrite them. */
  readonly #before: ReadonlyMap<string, Float32Array>;
  /** What the classes keep, where a step takes a sample of them; its buffers then have those rows only. */
  readonly #rows: ClassRows | null;
  #native: InferenceSession | null;
  #now: Map<string, Buffer>;
  #next: Map<string, Buffer>;
  #step = 0;
  #mayRevert = false;

  constructor(compiled: CompiledTraining, native: InferenceSession, make: TensorMaker, seed: number) {
    this.#compiled = compiled;
    this.#native = native;
    this.#make = make;
    this.#seed = seed;
    const { state, accumulation, figures } = compiled;
    const buffers = (first: (tensor: StateTensor) => Float32Array): Map<string, Buffer> =>
      new Map(state.map((tensor) => [tensor.name, this.#buffer(first(tensor), tensor.shape)]));
    this.#rows = openClassRows(compiled, seed);
    this.#now = buffers((tensor) =>
      tensor.whole === undefined ? initialise(tensor, seed) : new Float32Array(count(tensor.shape)),
    );
    this.#next = buffers(({ shape }) => new Float32Array(count(shape)));
    const several = accumulation > 1;
    const carried = state.filter(({ kind }) => several && (kind === 'running' || kind === 'accumulator'));
    this.#carried = carried.map(({ name }) => name);
    this.#before = new Map(
      carried.flatMap(({ name, kind, shape }) =>
        kind === 'running' ? [[name, new Float32Array(count(shape))] as const] : [],
      ),
    );
    this.#figures = new Map(
      figures.map(({ name, shape }) => [name, figureBuffer(make, shape, accumulation)]),
    );
  }

  get step(): number {
    return this.#step;
  }

  async run(batch: Batch): Promise<StepResult> {
    const native = this.#native;
    assert(native !== null, 'the trainer is open');
    const { accumulation } = this.#compiled;
    assertWhole(this.#compiled, batch);
    this.#mayRevert = false;
    const rows = this.#rows;
    const labels = rows?.gather(batch.labels, this.#step, (name) => this.#present(name)) ?? batch.labels;
    for (const [name, kept] of this.#before) kept.set(this.#present(name));
    for (const { name, kind } of this.#compiled.state)
      if (kind === 'accumulator') this.#now.get(name)?.data.fill(0);
    try {
      for (let part = 0; part < accumulation; part++) {
        await this.#runBatch(native, { ...batch, labels }, part);
        if (part < accumulation - 1) for (const name of this.#carried) this.#exchange(name);
      }
    } catch (thrown) {
      this.#putBack();
      throw runFailed(this.#compiled.model.graph.name, thrown);
    }
    [this.#now, this.#next] = [this.#next, this.#now];
    rows?.scatter((name) => this.#present(name));
    this.#step += 1;
    this.#mayRevert = true;
    return resultOf((name) => defined(this.#figures.get(name), name).data, this.#compiled.told);
  }

  revert(): void {
    assert(this.#mayRevert, 'there is a step to go back to');
    this.#mayRevert = false;
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#putBack();
    this.#rows?.scatter((name) => this.#present(name));
    this.#step -= 1;
  }

  get lengths(): ReadonlyMap<string, number> {
    return new Map(this.#saved().map((name) => [name, this.read(name).length]));
  }

  read(name: string): Float32Array {
    return this.#rows?.read(name) ?? this.#present(name);
  }

  save(): TrainingState {
    const tensors = new Map(this.#saved().map((name) => [name, this.read(name).slice()]));
    return { step: this.#step, tensors };
  }

  restore(state: TrainingState): void {
    const names = this.#saved();
    checkState(this.lengths, state);
    for (const name of names) this.read(name).set(state.tensors.get(name) ?? []);
    this.#step = state.step;
    this.#mayRevert = false;
  }

  async close(): Promise<void> {
    const native = this.#native;
    this.#native = null;
    await native?.release();
  }

  /** One run of the graph on the batch number `part` of the step. */
  async #runBatch(native: InferenceSession, batch: Batch, part: number): Promise<void> {
    const at = { step: this.#step, seed: this.#seed, part };
    const { images, imagesShape, labels, masks, given } = partOf(this.#compiled, batch, at);
    const feeds: Record<string, Tensor> = {
      images: new this.#make('uint8', images, imagesShape),
      labels: new this.#make('int32', labels, [labels.length]),
      rate: new this.#make('float32', Float32Array.of(batch.rate), []),
    };
    for (const { name, shape, kept } of masks) feeds[name] = new this.#make('uint8', kept, shape);
    for (const { name, shape, data } of given) feeds[name] = new this.#make('float32', data, shape);
    const fetches: Record<string, Tensor> = {};
    for (const [name, { tensor }] of this.#now) feeds[name] = tensor;
    for (const [name, { tensor }] of this.#next) fetches[successor(name)] = tensor;
    for (const [name, { parts }] of this.#figures)
      fetches[name] = defined(parts[part], `the ${name} of batch ${part}`);
    await runInto(native, feeds, fetches);
  }

  /** What the next run of the graph reads. */
  #present(name: string): Float32Array {
    return defined(this.#now.get(name), `the state's ${name}`).data;
  }

  #exchange(name: string): void {
    const [now, next] = [this.#now.get(name), this.#next.get(name)];
    this.#now.set(name, defined(next, name));
    this.#next.set(name, defined(now, name));
  }

  #putBack(): void {
    for (const [name, kept] of this.#before) this.#present(name).set(kept);
  }

  #saved(): string[] {
    return this.#compiled.state.flatMap(({ name, kind }) => (kind === 'accumulator' ? [] : [name]));
  }

  #buffer(data: Float32Array, shape: Shape): Buffer {
    return { data, tensor: new this.#make('float32', data, shape) };
  }
}

/** A figure of all batches of a step, and the part of it that each of them writes. */
interface FigureBuffer {
  readonly data: Float32Array;
  readonly parts: readonly Tensor[];
}

function figureBuffer(make: TensorMaker, shape: Shape, accumulation: number): FigureBuffer {
  const length = count(shape);
  const data = new Float32Array(length * accumulation);
  const part = (_: unknown, i: number): Tensor =>
    new make('float32', data.subarray(i * length, (i + 1) * length), shape);
  return { data, parts: Array.from({ length: accumulation }, part) };
}
