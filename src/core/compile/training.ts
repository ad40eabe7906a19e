import { assert, defined } from '../base/assert.ts';
import { input } from '../graph/builder.ts';
import type { Shape, Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import type { Given } from '../heads/distillation.ts';
import type { Initial, Mask, Parameter, Running } from '../layers/net.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { add } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import { scale } from '../ops/multiply.ts';
import { full, marks } from '../ops/precision.ts';
import {
  type BuiltLoss,
  buildLoss,
  givenTo,
  type Looks,
  type LossPlan,
  type Told,
  toldOf,
} from './1-build.ts';
import { differentiate } from './2-differentiate.ts';
import { type OptimizerSettings, optimize, type Specifics } from './3-optimizer.ts';
import { simplify } from './4-simplify.ts';
import { emit } from './5-emit.ts';
import { classState } from './class-state.ts';
import { withCasts } from './half.ts';
import { type Decided, openScale, scaleFigures } from './loss-scale.ts';
import { blockedRule } from './rules-blocked.ts';
import { labelRules } from './rules-label.ts';
import { standardRules } from './rules-standard.ts';

export interface TrainingPlan extends LossPlan {
  readonly optimizer: OptimizerSettings;
  /** Batches whose derivatives are averaged before the parameters change; 1 is plain training. */
  readonly accumulation: number;
  /** What a parameter's learning rate is multiplied by; 1 for all where left out. */
  factor?(name: string): number;
  /** How much of a running average of the backbone's parameters stays at a step; null or left out: there is none. */
  readonly average?: number | null;
}

/** What differs from parameter to parameter in a plan's optimizer. */
export function specificsOf(plan: TrainingPlan, { ofBackbone }: BuiltLoss): Specifics {
  const { average: decay = null, factor = () => 1 } = plan;
  return { factor, average: decay === null ? null : { decay, of: (name) => ofBackbone.has(name) } };
}

/** What is known about the machine that will train. */
export interface Target {
  /** Channels in a block of its convolutions, or null; see `detectBlock` of the engine. */
  readonly block: number | null;
  /** Whether it has kernels for few operators beside ONNX's own, as graphics cards do; false where left out. */
  readonly standard?: boolean;
}

/** Any machine. */
export const anyTarget: Target = { block: null };

/** A tensor that goes into every step as `name` and comes out of it as `name:next`. */
export interface StateTensor {
  readonly name: string;
  readonly shape: Shape;
  /** An accumulator is a sum of derivatives, zeros before the first batch of a step: no part of what is saved. */
  readonly kind: 'parameter' | 'running' | 'slot' | 'accumulator';
  readonly initial: Initial;
  /** The shape of all rows, where a step has only those of some classes; `shape` is the step's. */
  readonly whole?: Shape | undefined;
}

/** What a batch is told to give beside the state. */
export interface Figure {
  readonly name: 'loss' | 'gradientNorm' | keyof Looks | 'told';
  readonly shape: Shape;
}

/**
 * One step of training as an ordinary ONNX graph. Inputs: `images` [batch, size, size, 3] uint8, `labels` [batch] int32,
 * `rate` [] (the learning rate), the masks (uint8, 1 is kept), what is given besides (float32) and the state. Outputs: the state's successors and the
 * figures. With accumulation it is run for every batch of a step; running statistics and accumulators go on from batch to
 * batch, parameters and slots are taken from the last one, whose `gradientNorm` is that of the mean derivative.
 */
export interface CompiledTraining {
  readonly model: OnnxModel;
  readonly batch: number;
  readonly accumulation: number;
  readonly size: number;
  readonly state: readonly StateTensor[];
  /** How many classes there are, and how many of them enter a step; null where all do. */
  readonly sample: { readonly classes: number; readonly sampled: number } | null;
  readonly masks: readonly Mask[];
  /** What a batch is fed with besides. */
  readonly given: readonly Given[];
  readonly figures: readonly Figure[];
  /** Names of the numbers of the figure `told`, which is left out where there are none. */
  readonly told: readonly string[];
}

export const successor = (name: string): string => `${name}:next`;

export function compileTraining(plan: TrainingPlan, target: Target = anyTarget): CompiledTraining {
  const { batch, size, accumulation } = plan;
  const built = buildLoss(plan);
  const { net, loss, looks } = built;
  const { parameters } = net;
  const wholes = classState(plan);
  const values = parameters.map(({ value }) => value);
  const scaling = plan.mixed ? openScale(plan.mixed) : null;
  const found = differentiate(scaling?.scaled(loss) ?? loss, values);
  const own = scaling ? found.map(scaling.unscaled) : found;
  const sums = accumulated(parameters, own, accumulation);
  const gradients = sums.map(({ next }) => next);
  const optimized = optimize(
    parameters,
    gradients,
    input('rate', []),
    plan.optimizer,
    specificsOf(plan, built),
  );
  const decided = scaling?.decided(optimized.gradientNorm) ?? null;
  const kept = (next: Value, now: Value): Value => decided?.kept(next, now) ?? next;
  const told = withFigures(built.told, decided);
  const state: StateTensor[] = [];
  const results: [string, Value][] = [];
  const carry = (kind: StateTensor['kind'], name: string, initial: Initial, next: Value): void => {
    const whole = kind === 'accumulator' ? undefined : wholes.get(parameterOf(name));
    const first = kind === 'slot' ? initial : (whole?.initial ?? initial);
    state.push({ name, shape: next.shape, kind, initial: first, whole: whole?.shape });
    results.push([successor(name), next]);
  };
  parameters.forEach(({ name, initial, value }, i) => {
    carry('parameter', name, initial, kept(defined(optimized.parameters[i], name), value));
  });
  for (const { name, initial, value, next } of net.running)
    carry('running', name, initial, kept(defined(next, `the next ${name}`), value));
  for (const { name, value, next } of optimized.slots) carry('slot', name, zero, kept(next, value));
  for (const { name, initial, next } of decided?.state ?? []) carry('slot', name, initial, next);
  if (accumulation > 1) for (const { name, next } of sums) carry('accumulator', name, zero, next);
  const figures: Readonly<Partial<Record<Figure['name'], Value>>> = {
    ...{ loss, gradientNorm: optimized.gradientNorm },
    ...looks,
    ...(told && { told: told.numbers }),
  };
  const all = [...Object.entries(figures), ...results];
  const model = emitAll(all, 'training step', target, scaling !== null);
  const { classes, sampled } = plan;
  const sample = sampled === undefined ? null : { classes, sampled };
  return {
    ...{ model, batch, accumulation, size, state, sample, masks: net.masks, given: givenTo(plan) },
    figures: figureNames.flatMap((name) => {
      const value = figures[name];
      return value ? [{ name, shape: value.shape }] : [];
    }),
    told: told?.names ?? [],
  };
}

/** What a step tells, with what is told of its loss's scale. */
function withFigures(told: Told | null, decided: Decided | null): Told | null {
  if (decided === null) return told;
  const own = scaleFigures.map((name, i) => [name, defined(decided.figures[i], name)] as const);
  const scale = defined(toldOf(Object.fromEntries(own)), 'the scale');
  if (told === null) return scale;
  return { names: [...told.names, ...scale.names], numbers: concat([told.numbers, scale.numbers], 0) };
}

/** `classes.weight:momentum` is of `classes.weight`. */
const parameterOf = (name: string): string => name.split(':')[0] ?? name;

const zero: Initial = { kind: 'constant', value: 0 };

/** The mean derivatives so far; with one batch a step they are its own. */
function accumulated(
  parameters: readonly Parameter[],
  gradients: readonly Value[],
  accumulation: number,
): { readonly name: string; readonly next: Value }[] {
  assert(accumulation >= 1, `${accumulation} batches a step`);
  return parameters.map(({ name: parameter, shape }, i) => {
    const [name, gradient] = [`${parameter}:sum`, defined(gradients[i], parameter)];
    if (accumulation === 1) return { name, next: gradient };
    return { name, next: add(input(name, shape), scale(gradient, 1 / accumulation)) };
  });
}

const figureNames = [
  ...(['loss', 'gradientNorm', 'ranks', 'norms', 'cosines', 'probes', 'others', 'told'] as const),
] as const satisfies readonly Figure['name'][];

/**
 * The loss and the derivative by each parameter, as `name:gradient`: to be looked at, and for tests. `running`: what the loss
 * depends on beside the parameters.
 */
export function compileGradients(
  plan: LossPlan,
): Pick<CompiledTraining, 'model' | 'state' | 'masks'> & { readonly running: readonly Running[] } {
  const { net, loss, looks } = buildLoss(plan);
  const { mixed } = plan;
  const values = net.parameters.map(({ value }) => value);
  const gradients = mixed
    ? differentiate(scale(loss, mixed.initial), values).map((one) => scale(full(one), 1 / mixed.initial))
    : differentiate(loss, values);
  const results = net.parameters.map(
    ({ name }, i) => [`${name}:gradient`, defined(gradients[i], name)] as const,
  );
  const state = net.parameters.map(
    ({ name, shape, initial }): StateTensor => ({ name, shape, initial, kind: 'parameter' }),
  );
  const all = [['loss', loss] as const, ...Object.entries(looks), ...results];
  const model = emitAll(all, 'gradients', anyTarget, isMixed(plan));
  const needed = new Set(topological([loss]));
  const running = net.running.filter(({ value }) => needed.has(value));
  return { model, state, running, masks: net.masks };
}

export const isMixed = ({ mixed }: LossPlan): boolean => mixed !== undefined && mixed !== null;

/** Named results as a model, made simple for the machine; in mixed precision with casts, and nothing of a processor's own. */
export function emitAll(
  results: readonly (readonly [string, Value])[],
  name: string,
  { block, standard = false }: Target,
  mixed: boolean,
): OnnxModel {
  const blocks = block === null || mixed ? [] : [blockedRule(block)];
  const more = [...blocks, ...(standard ? standardRules : labelRules)];
  const values = results.map(([, value]) => value);
  const simple = mixed ? withCasts(simplify(values, more, markNames)) : simplify(values, more);
  return emit(new Map(results.map(([result], i) => [result, defined(simple[i], result)])), { name });
}

const markNames = marks.map(({ name }) => name);
