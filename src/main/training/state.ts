import { buildEmbedding, buildLoss } from '../../core/compile/1-build.ts';
import { classState } from '../../core/compile/class-state.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
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

/**
 * Takes parameters and running statistics over from another run where name and shape agree, and leaves everything else as it
 * begins: also the head, unless its classes are the same people in the same order.
 */
export function takeOver(
  trainer: Trainer,
  { plan, tensors }: { readonly plan: TrainingPlan; readonly tensors: readonly LiveTensor[] },
  from: StoredRun,
  sameClasses: boolean,
): void {
  const { net } = buildEmbedding(plan, 1);
  const network = new Set([...net.parameters, ...net.running].map(({ name }) => name));
  const stored = new Map(from.header.tensors.map((tensor) => [tensor.name, tensor]));
  const next = new Map<string, Float32Array>();
  for (const { name, kind, shape, data } of tensors) {
    const other = stored.get(name);
    const fits = kind !== 'slot' && other?.kind === kind && String(other.shape) === String(shape);
    const taken = fits && (sameClasses || network.has(name)) ? from.state.tensors.get(name) : undefined;
    next.set(name, taken ?? data());
  }
  trainer.restore({ step: 0, tensors: next });
}
