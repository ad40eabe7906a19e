import { defined } from '../base/assert.ts';
import { input } from '../graph/builder.ts';
import type { Shape, Value } from '../graph/value.ts';
import type { Initial, Mask } from '../layers/net.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { buildLoss, type LossPlan } from './1-build.ts';
import { differentiate } from './2-differentiate.ts';
import { type OptimizerSettings, optimize } from './3-optimizer.ts';
import { simplify } from './4-simplify.ts';
import { emit } from './5-emit.ts';
import { blockedRule } from './rules.ts';

export interface TrainingPlan extends LossPlan {
  readonly optimizer: OptimizerSettings;
}

/** What is known about the machine that will train. */
export interface Target {
  /** Channels in a block of its convolutions, or null; see `detectBlock` of the engine. */
  readonly block: number | null;
}

/** Any machine. */
export const anyTarget: Target = { block: null };

/** A tensor that goes into every step as `name` and comes out of it as `name:next`. */
export interface StateTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: 'parameter' | 'running' | 'slot';
  readonly initial: Initial;
}

/**
 * One step of training as an ordinary ONNX graph. Inputs: `images` [batch, size, size, 3] uint8, `labels` [batch] int32,
 * `rate` [] (the learning rate), the masks (uint8, 1 is kept) and the state. Outputs: the state's successors, `loss`,
 * `correct` (how many were recognised) and `gradientNorm`, each a single number.
 */
export interface CompiledTraining {
  readonly model: OnnxModel;
  readonly batch: number;
  readonly size: number;
  readonly state: readonly StateTensor[];
  readonly masks: readonly Mask[];
}

export const successor = (name: string): string => `${name}:next`;

export function compileTraining(plan: TrainingPlan, target: Target = anyTarget): CompiledTraining {
  const { net, loss, correct } = buildLoss(plan);
  const gradients = differentiate(
    loss,
    net.parameters.map(({ value }) => value),
  );
  const optimized = optimize(net.parameters, gradients, input('rate', []), plan.optimizer);
  const results: [string, Value][] = [
    ['loss', loss],
    ['correct', correct],
    ['gradientNorm', optimized.gradientNorm],
  ];
  const state: StateTensor[] = [];
  net.parameters.forEach(({ name, shape, initial }, i) => {
    state.push({ name, shape, initial, kind: 'parameter' });
    results.push([successor(name), defined(optimized.parameters[i], name)]);
  });
  for (const { name, shape, initial, next } of net.running) {
    state.push({ name, shape, initial: { kind: 'constant', value: initial }, kind: 'running' });
    results.push([successor(name), defined(next, `the next ${name}`)]);
  }
  for (const { name, shape, next } of optimized.slots) {
    state.push({ name, shape, initial: { kind: 'constant', value: 0 }, kind: 'slot' });
    results.push([successor(name), next]);
  }
  const { batch, size } = plan;
  return { model: emitAll(results, 'training step', target), batch, size, state, masks: net.masks };
}

/** The loss and the derivative by each parameter, as `name:gradient`: to be looked at, and for tests. */
export function compileGradients(plan: LossPlan): CompiledTraining {
  const { net, loss, correct } = buildLoss(plan);
  const gradients = differentiate(
    loss,
    net.parameters.map(({ value }) => value),
  );
  const results = net.parameters.map(
    ({ name }, i) => [`${name}:gradient`, defined(gradients[i], name)] as const,
  );
  const state = net.parameters.map(
    ({ name, shape, initial }): StateTensor => ({ name, shape, initial, kind: 'parameter' }),
  );
  const model = emitAll([['loss', loss], ['correct', correct], ...results], 'gradients', anyTarget);
  return { model, batch: plan.batch, size: plan.size, state, masks: net.masks };
}

function emitAll(results: readonly (readonly [string, Value])[], name: string, { block }: Target): OnnxModel {
  const more = block === null ? [] : [blockedRule(block)];
  const simple = simplify(
    results.map(([, value]) => value),
    more,
  );
  return emit(new Map(results.map(([result], i) => [result, defined(simple[i], result)])), { name });
}
