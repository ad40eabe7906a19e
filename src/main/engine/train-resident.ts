import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { assert, defined } from '../../core/base/assert.ts';
import { emit } from '../../core/compile/5-emit.ts';
import { type CompiledTraining, type StateTensor, successor } from '../../core/compile/training.ts';
import { input } from '../../core/graph/builder.ts';
import { count } from '../../core/graph/shape.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { initialise } from '../../core/training/initialise.ts';
import { type ClassRows, openClassRows } from './class-rows.ts';
import { openNative, runFailed } from './session.ts';
import type { Batch, StepResult, Trainer, TrainerOptions, TrainingState } from './trainer.ts';
import { assertWhole, checkState, partOf, resultOf } from './trainer-parts.ts';

/**
 * A trainer whose state stays in the memory of the graphics card from step to step, so that a step carries only pictures
 * there and figures back. `fetch` brings the state here. For providers whose tensors onnxruntime-node can hold: WebGPU.
 * Throws `engine/provider-unavailable` or `engine/model-damaged`.
 */
export async function openResidentTrainer(
  compiled: CompiledTraining,
  options: TrainerOptions,
): Promise<Trainer> {
  const kept = resident(compiled);
  const names = compiled.state.flatMap(({ name, whole }) => (whole === undefined ? [successor(name)] : []));
  const network = { name: compiled.model.graph.name, bytes: writeOnnx(compiled.model) };
  const step = await openNative(network, { ...options, memoryPlan: false, onDevice: names });
  try {
    // a tensor of the card cannot be read by itself (1.30 ends the process): a network that copies brings it here
    const results = new Map(kept.map(({ name, shape }) => [successor(name), input(name, shape)]));
    const bytes = writeOnnx(emit(results, { name: 'copy' }));
    const copy = await openNative({ name: 'copy', bytes }, { ...options, memoryPlan: false });
    const { Tensor } = await import('onnxruntime-node');
    return new ResidentTrainer(compiled, { step, copy }, Tensor, options.seed);
  } catch (thrown) {
    await step.release();
    throw thrown;
  }
}

type TensorMaker = typeof Tensor;
type Tensors = ReadonlyMap<string, Tensor>;
type Numbers = ReadonlyMap<string, Float32Array>;
interface Natives {
  readonly step: InferenceSession;
  readonly copy: InferenceSession;
}

const saved = ({ state }: CompiledTraining): readonly StateTensor[] =>
  state.filter(({ kind }) => kind !== 'accumulator');

/** What stays on the card. Where a step takes a sample of the classes, their rows go there and back with each step. */
const resident = (compiled: CompiledTraining): readonly StateTensor[] =>
  saved(compiled).filter(({ whole }) => whole === undefined);

class ResidentTrainer implements Trainer {
  readonly #compiled: CompiledTraining;
  readonly #make: TensorMaker;
  readonly #seed: number;
  #natives: Natives | null;
  #now: Tensors;
  /** Before the last step, while one can go back. */
  #before: Tensors | null = null;
  /** The numbers of `#now`, where they are known here. */
  #here: Numbers | null;
  readonly #rows: ClassRows | null;
  /** The classes' rows as they were before the last step. */
  #rowsBefore: Numbers = new Map();
  #step = 0;

  constructor(compiled: CompiledTraining, natives: Natives, make: TensorMaker, seed: number) {
    this.#compiled = compiled;
    this.#natives = natives;
    this.#make = make;
    this.#seed = seed;
    this.#rows = openClassRows(compiled, seed);
    this.#here = new Map(resident(compiled).map((tensor) => [tensor.name, initialise(tensor, seed)]));
    this.#now = this.#tensors(this.#here);
  }

  get step(): number {
    return this.#step;
  }

  async run(batch: Batch): Promise<StepResult> {
    const { accumulation, state } = this.#compiled;
    assertWhole(this.#compiled, batch);
    dispose(this.#before);
    this.#before = null;
    const carried = state.filter(({ kind }) => kind === 'running' || kind === 'accumulator');
    const figures: Numbers[] = [];
    const sampled = state.filter(({ whole }) => whole !== undefined);
    const rows = new Map(sampled.map(({ name, shape }) => [name, new Float32Array(count(shape))]));
    const rowsOf = (name: string): Float32Array => defined(rows.get(name), name);
    const labels = this.#rows?.gather(batch.labels, this.#step, rowsOf) ?? batch.labels;
    const gathered = new Map(
      sampled.map((tensor) => [tensor.name, this.#tensor(tensor, rowsOf(tensor.name))]),
    );
    let within: Tensors = new Map(
      carried.flatMap((tensor) =>
        tensor.kind === 'accumulator' ? [[tensor.name, this.#tensor(tensor, initialise(tensor, 0))]] : [],
      ),
    );
    let next: Tensors = new Map();
    try {
      for (let part = 0; part < accumulation; part++) {
        const fed = new Map([...this.#now, ...gathered, ...within]);
        const made = await this.#runBatch({ ...batch, labels }, part, fed);
        figures.push(made.figures);
        dispose(within);
        // from batch to batch only statistics and sums go on; the last one's are the step's
        const goesOn = new Set(part < accumulation - 1 ? carried.map(({ name }) => name) : []);
        const [on, rest] = divided(made.next, (name) => goesOn.has(name));
        within = on;
        if (part < accumulation - 1) dispose(rest);
        else next = rest;
      }
    } catch (thrown) {
      dispose(within);
      throw runFailed(this.#compiled.model.graph.name, thrown);
    }
    this.#rows?.scatter((name) => floats(next.get(name), name));
    const kept = new Set(resident(this.#compiled).map(({ name }) => name));
    const [after, rest] = divided(next, (name) => kept.has(name));
    dispose(rest);
    this.#rowsBefore = rows;
    [this.#before, this.#now, this.#here] = [this.#now, after, null];
    this.#step += 1;
    return resultOf(
      (name) => Float32Array.from(figures.flatMap((batches) => [...defined(batches.get(name), name)])),
      this.#compiled.told,
    );
  }

  revert(): void {
    const before = defined(this.#before, 'a step to go back to');
    dispose(this.#now);
    [this.#now, this.#before, this.#here] = [before, null, null];
    this.#rows?.scatter((name) => defined(this.#rowsBefore.get(name), name));
    this.#step -= 1;
  }

  async fetch(): Promise<void> {
    if (this.#here !== null) return;
    const { copy } = defined(this.#natives, 'an open trainer');
    const outputs = await copy.run(Object.fromEntries(this.#now));
    this.#here = new Map([...this.#now.keys()].map((name) => [name, floats(outputs[successor(name)], name)]));
  }

  get lengths(): ReadonlyMap<string, number> {
    return new Map(saved(this.#compiled).map(({ name, shape, whole }) => [name, count(whole ?? shape)]));
  }

  read(name: string): Float32Array {
    const rows = this.#rows?.read(name);
    if (rows) return rows;
    return defined(
      defined(this.#here, 'the state, which fetch() brings here').get(name),
      `the state's ${name}`,
    );
  }

  save(): TrainingState {
    const tensors = new Map(saved(this.#compiled).map(({ name }) => [name, this.read(name).slice()]));
    return { step: this.#step, tensors };
  }

  restore(state: TrainingState): void {
    checkState(this.lengths, state);
    for (const { name } of saved(this.#compiled)) this.#rows?.read(name)?.set(state.tensors.get(name) ?? []);
    const kept = resident(this.#compiled);
    const here = new Map(kept.map(({ name }) => [name, defined(state.tensors.get(name), name).slice()]));
    for (const tensors of [this.#now, this.#before]) dispose(tensors);
    [this.#now, this.#before, this.#here] = [this.#tensors(here), null, here];
    this.#step = state.step;
  }

  async close(): Promise<void> {
    const natives = this.#natives;
    this.#natives = null;
    if (natives === null) return;
    for (const state of [this.#now, this.#before]) dispose(state);
    await natives.copy.release();
    await natives.step.release();
  }

  /** One run of the graph on the batch number `part` of the step. */
  async #runBatch(
    batch: Batch,
    part: number,
    state: Tensors,
  ): Promise<{ readonly next: Tensors; readonly figures: Numbers }> {
    const { step } = defined(this.#natives, 'an open trainer');
    const at = { step: this.#step, seed: this.#seed, part };
    const { images, imagesShape, labels, masks, given } = partOf(this.#compiled, batch, at);
    const feeds: Record<string, Tensor> = {
      ...Object.fromEntries(state),
      images: new this.#make('uint8', images, imagesShape),
      labels: new this.#make('int32', labels, [labels.length]),
      rate: new this.#make('float32', Float32Array.of(batch.rate), []),
    };
    for (const { name, shape, kept } of masks) feeds[name] = new this.#make('uint8', kept, shape);
    for (const { name, shape, data } of given) feeds[name] = new this.#make('float32', data, shape);
    const outputs = await step.run(feeds);
    const tensor = (name: string): Tensor => {
      const value = outputs[name];
      assert(value instanceof this.#make, `${name} is a tensor`);
      return value;
    };
    return {
      next: new Map(this.#compiled.state.map(({ name }) => [name, tensor(successor(name))])),
      figures: new Map(this.#compiled.figures.map(({ name }) => [name, floats(outputs[name], name)])),
    };
  }

  #tensors(numbers: Numbers): Tensors {
    const make = (tensor: StateTensor): Tensor =>
      this.#tensor(tensor, defined(numbers.get(tensor.name), tensor.name));
    return new Map(resident(this.#compiled).map((tensor) => [tensor.name, make(tensor)]));
  }

  #tensor({ shape }: StateTensor, data: Float32Array): Tensor {
    return new this.#make('float32', data, shape);
  }
}

function divided(tensors: Tensors, belongs: (name: string) => boolean): readonly [Tensors, Tensors] {
  const entries = [...tensors];
  return [
    new Map(entries.filter(([name]) => belongs(name))),
    new Map(entries.filter(([name]) => !belongs(name))),
  ];
}

/** The card's memory is not the garbage collector's. */
function dispose(tensors: Tensors | null): void {
  for (const tensor of tensors?.values() ?? []) tensor.dispose();
}

function floats(value: unknown, name: string): Float32Array {
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : null;
  assert(data instanceof Float32Array, `${name} is float32`);
  return data;
}
