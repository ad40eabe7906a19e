import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { assert, defined } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import {
  type CompiledTraining,
  type Figure,
  type StateTensor,
  successor,
} from '../../core/compile/training.ts';
import { count } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/value.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { drawMask, initialise } from '../../core/training/initialise.ts';
import { openNative } from './session.ts';
import type { Batch, StepResult, Trainer, TrainerOptions, TrainingState } from './trainer.ts';

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
    this.#now = buffers((tensor) => initialise(tensor, seed));
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

  async run({ images, labels, rate }: Batch): Promise<StepResult> {
    const native = this.#native;
    assert(native !== null, 'the trainer is open');
    const { batch, size, accumulation } = this.#compiled;
    const n = batch * accumulation;
    assert(images.length === n * size * size * 3 && labels.length === n, `a step of ${n} crops`);
    this.#mayRevert = false;
    for (const [name, kept] of this.#before) kept.set(this.read(name));
    for (const { name, kind } of this.#compiled.state)
      if (kind === 'accumulator') this.#now.get(name)?.data.fill(0);
    try {
      for (let part = 0; part < accumulation; part++) {
        const [from, to] = [part * batch, (part + 1) * batch];
        const pixels = size * size * 3;
        const pictures = images.subarray(from * pixels, to * pixels);
        await this.#runBatch(native, { images: pictures, labels: labels.subarray(from, to), rate }, part);
        if (part < accumulation - 1) for (const name of this.#carried) this.#exchange(name);
      }
    } catch (thrown) {
      this.#putBack();
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      throw error('engine/run-failed', { path: this.#compiled.model.graph.name, detail }, thrown);
    }
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#step += 1;
    this.#mayRevert = true;
    return this.#result();
  }

  revert(): void {
    assert(this.#mayRevert, 'there is a step to go back to');
    this.#mayRevert = false;
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#putBack();
    this.#step -= 1;
  }

  read(name: string): Float32Array {
    return defined(this.#now.get(name), `the state's ${name}`).data;
  }

  save(): TrainingState {
    const tensors = new Map(this.#saved().map((name) => [name, this.read(name).slice()]));
    return { step: this.#step, tensors };
  }

  restore({ step, tensors }: TrainingState): void {
    const names = this.#saved();
    for (const name of names) {
      const [wanted, got] = [this.read(name).length, tensors.get(name)?.length ?? 0];
      if (got !== wanted) throw error('training/state-mismatch', { name, wanted, got });
    }
    for (const name of names) this.read(name).set(tensors.get(name) ?? []);
    this.#step = step;
    this.#mayRevert = false;
  }

  async close(): Promise<void> {
    const native = this.#native;
    this.#native = null;
    await native?.release();
  }

  /** One run of the graph on the batch number `part` of the step. */
  async #runBatch(native: InferenceSession, { images, labels, rate }: Batch, part: number): Promise<void> {
    const { batch, size, accumulation, masks } = this.#compiled;
    const feeds: Record<string, Tensor> = {
      images: new this.#make('uint8', images, [batch, size, size, 3]),
      labels: new this.#make('int32', labels, [batch]),
      rate: new this.#make('float32', Float32Array.of(rate), []),
    };
    for (const mask of masks) {
      const drawn = this.#step * accumulation + part;
      const kept = drawMask(mask.name, mask.shape, mask.rate, this.#seed, drawn);
      feeds[mask.name] = new this.#make('uint8', kept, mask.shape);
    }
    const fetches: Record<string, Tensor> = {};
    for (const [name, { tensor }] of this.#now) feeds[name] = tensor;
    for (const [name, { tensor }] of this.#next) fetches[successor(name)] = tensor;
    for (const [name, { parts }] of this.#figures)
      fetches[name] = defined(parts[part], `the ${name} of batch ${part}`);
    await native.run(feeds, fetches);
  }

  #exchange(name: string): void {
    const [now, next] = [this.#now.get(name), this.#next.get(name)];
    this.#now.set(name, defined(next, name));
    this.#next.set(name, defined(now, name));
  }

  #putBack(): void {
    for (const [name, kept] of this.#before) this.read(name).set(kept);
  }

  #saved(): string[] {
    return this.#compiled.state.flatMap(({ name, kind }) => (kind === 'accumulator' ? [] : [name]));
  }

  #result(): StepResult {
    const figure = (name: Figure['name']): Float32Array => defined(this.#figures.get(name), name).data;
    const losses = figure('loss');
    return {
      loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      gradientNorm: figure('gradientNorm').at(-1) ?? Number.NaN,
      ranks: figure('ranks'),
      norms: figure('norms'),
      cosines: figure('cosines'),
      probes: figure('probes'),
    };
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
