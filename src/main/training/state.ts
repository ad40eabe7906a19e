import { buildLoss } from '../../core/compile/1-build.ts';
import { inUse } from '../../core/compile/average.ts';
import { classState } from '../../core/compile/class-state.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
import { wantedOf } from '../../core/weights/match.ts';
import type { Trainer } from '../engine/trainer.ts';
import type { LiveTensor, StoredRun } from './checkpoint.ts';

/** The state of a trainer, tensor by tensor, as it is whenever it is asked for. */
export function liveTensors(trainer: Trainer, plan: TrainingPlan): readonly LiveTensor[] {
  const { net } = buildLoss(plan);
  const known = new Map<string, Pick<LiveTensor, 'kind' | 'shape'>>();
  for (const { name, shape } of net.parameters) known.set(name, { kind: 'parameter', shape });
  for (const { name, shape } of net.running) known.set(name, { kind: 'running', shape });
  for (const [name, { shape }] of classState(plan))
    known.set(name, { kind: 'parameter', ...known.get(name), shape });
  return [...trainer.lengths].map(([name, length]) => ({
    ...(known.get(name) ?? { kind: 'slot', shape: [length] }),
    ...{ name, length, data: () => trainer.read(name) },
  }));
}

/** How much of a network began with other numbers than random ones. */
export interface TakenOver {
  /** Parameters and running statistics of the network without its head, and those of them that were taken over. */
  readonly wanted: number;
  readonly taken: number;
  /** Those that begin anew. */
  readonly left: readonly string[];
  /** Whether anything of the head was. */
  readonly head: boolean;
}

/**
 * Takes parameters and running statistics over where name and shape agree, and leaves everything else as it begins. `from`
 * gives a tensor's numbers; null where there are none that fit.
 */
export function takeOver(
  trainer: Trainer,
  { plan, tensors }: { readonly plan: TrainingPlan; readonly tensors: readonly LiveTensor[] },
  from: (tensor: LiveTensor) => Float32Array | null,
): TakenOver {
  const network = new Set(wantedOf(plan).map(({ name }) => name));
  const next = new Map<string, Float32Array>();
  const left: string[] = [];
  let head = false;
  for (const tensor of tensors) {
    const found = tensor.kind === 'slot' ? null : from(tensor);
    next.set(tensor.name, found ?? tensor.data());
    if (found === null && network.has(tensor.name)) left.push(tensor.name);
    if (found !== null && !network.has(tensor.name)) head = true;
  }
  trainer.restore({ step: 0, tensors: next });
  return { wanted: network.size, taken: network.size - left.length, left, head };
}

/** Numbers of another run; those of its head only where its classes are the same people in the same order. */
export function ofRun(
  { header, state }: StoredRun,
  plan: TrainingPlan,
  sameClasses: boolean,
): (tensor: LiveTensor) => Float32Array | null {
  const network = new Set(wantedOf(plan).map(({ name }) => name));
  const stored = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  const numbers = inUse(state.tensors, state.step);
  return ({ name, shape }) => {
    const other = stored.get(name);
    const fits = other !== undefined && other.kind !== 'slot' && String(other.shape) === String(shape);
    return fits && (sameClasses || network.has(name)) ? (numbers.get(name) ?? null) : null;
  };
}

/** Numbers by their names, such as `readWeights` gives them. */
export function ofWeights(
  weights: ReadonlyMap<string, Float32Array>,
): (tensor: LiveTensor) => Float32Array | null {
  return ({ name, length }) => {
    const found = weights.get(name);
    return found?.length === length ? found : null;
  };
}
