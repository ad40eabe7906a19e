import { defined } from '../base/assert.ts';
import { input, scalar } from '../graph/builder.ts';
import { count as elements } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import type { Parameter } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { exp } from '../ops/exp.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { sqrt } from '../ops/sqrt.ts';
import { subtract } from '../ops/subtract.ts';
import { averageName, keptAt, nextAverage } from './average.ts';

export interface Sgd {
  readonly kind: 'sgd';
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Of the parameters that decay; added to the derivative. */
  readonly weightDecay: number;
}

/** Loshchilov and Hutter 2019: decay apart from the derivative. */
export interface AdamW {
  readonly kind: 'adamw';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export type OptimizerSettings = (Sgd | AdamW) & {
  /** The largest norm of all derivatives together; null leaves them as they are. */
  readonly clipNorm: number | null;
};

/** What differs from parameter to parameter. */
export interface Specifics {
  /** What the learning rate is multiplied by; 1 where left out. */
  factor?(name: string): number;
  /** How much of a running average stays at a step, and of which parameters there is one. */
  readonly average?: { readonly decay: number; of(name: string): boolean } | null;
}

/** What the optimizer remembers from step to step; it begins as zeros. */
export interface Slot {
  readonly name: string;
  readonly shape: Shape;
  readonly value: Value;
  readonly next: Value;
}

export interface Optimized {
  /** The parameters after the step, in their order. */
  readonly parameters: readonly Value[];
  readonly slots: readonly Slot[];
  /** √Σ g² over all parameters, before clipping and decay. */
  readonly gradientNorm: Value;
}

interface Step {
  readonly next: Value;
  readonly slots: readonly Slot[];
}

/** One step along the derivatives `gradients`, at the learning rate `rate`, a single number. */
export function optimize(
  parameters: readonly Parameter[],
  gradients: readonly Value[],
  rate: Value,
  settings: OptimizerSettings,
  { factor: factorOf = () => 1, average = null }: Specifics = {},
): Optimized {
  const squares = gradients.map((gradient) => reduceSumSquare(gradient));
  const gradientNorm = sqrt(squares.reduce(add));
  const { clipNorm } = settings;
  const factor =
    clipNorm === null
      ? scalar(1)
      : clip(divide(scalar(clipNorm), add(gradientNorm, scalar(1e-6))), Number.NEGATIVE_INFINITY, 1);
  const counts = settings.kind === 'adamw' || average !== null;
  const count = counts ? slot('step', [], (now) => add(now, scalar(1))) : null;
  const steps = parameters.map((parameter, i): Step => {
    const dy = inRow(defined(gradients[i], `the derivative by ${parameter.name}`));
    const [row, gradient] = [{ ...parameter, value: inRow(parameter.value) }, multiply(dy, factor)];
    const own = factorOf(parameter.name);
    const ownRate = own === 1 ? rate : scale(rate, own);
    const { next, slots } =
      settings.kind === 'sgd'
        ? sgdStep(row, gradient, ownRate, settings)
        : adamwStep(row, gradient, ownRate, settings, defined(count, 'the count of steps').next);
    const within = parameter.within ? clip(next, ...parameter.within) : next;
    return { next: reshape(within, parameter.shape), slots };
  });
  const averages = parameters.flatMap(({ name, shape }, i) => {
    if (!average?.of(name)) return [];
    const kept = keptAt(defined(count, 'the count of steps').value, average.decay);
    const parameter = inRow(defined(steps[i], name).next);
    return [slot(averageName(name), shape, (now) => nextAverage(now, parameter, kept))];
  });
  return {
    parameters: steps.map(({ next }) => next),
    slots: [...(count ? [count] : []), ...steps.flatMap(({ slots }) => slots), ...averages],
    gradientNorm,
  };
}

/**
 * Filters of 1×1, [out, in, 1, 1], as a row of numbers: onnxruntime multiplies a single number with sides of 1 at the end
 * an element at a time, which takes eight times as long. Nothing is moved.
 */
function inRow(value: Value): Value {
  const { shape } = value;
  return shape.length > 1 && shape.at(-1) === 1 ? reshape(value, [elements(shape)]) : value;
}

/** v ← m·v + g;  p ← p − rate·v, or with Nesterov's p − rate·(g + m·v); g includes decay·p. */
function sgdStep(
  { name, shape, value, decays }: Parameter,
  gradient: Value,
  rate: Value,
  settings: Sgd,
): Step {
  const { momentum, nesterov, weightDecay } = settings;
  const g = decays && weightDecay > 0 ? add(gradient, scale(value, weightDecay)) : gradient;
  if (momentum === 0) return { next: subtract(value, multiply(g, rate)), slots: [] };
  const velocity = slot(`${name}:momentum`, shape, (v) => add(scale(v, momentum), g));
  const now = inRow(velocity.next);
  const direction = nesterov ? add(g, scale(now, momentum)) : now;
  return { next: subtract(value, multiply(direction, rate)), slots: [velocity] };
}

/** m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  p ← p − rate·(decay·p + m̂/(√v̂ + ε)), m̂ and v̂ without bias. */
function adamwStep(
  { name, shape, value, decays }: Parameter,
  g: Value,
  rate: Value,
  { beta1, beta2, epsilon, weightDecay }: AdamW,
  count: Value,
): Step {
  const first = slot(`${name}:mean`, shape, (m) => add(scale(m, beta1), scale(g, 1 - beta1)));
  const second = slot(`${name}:square`, shape, (v) => add(scale(v, beta2), scale(multiply(g, g), 1 - beta2)));
  const unbiased = (x: Value, beta: number): Value =>
    divide(x, subtract(scalar(1), exp(scale(count, Math.log(beta)))));
  const deviation = add(sqrt(unbiased(inRow(second.next), beta2)), scalar(epsilon));
  const along = divide(unbiased(inRow(first.next), beta1), deviation);
  const direction = decays && weightDecay > 0 ? add(along, scale(value, weightDecay)) : along;
  return { next: subtract(value, multiply(direction, rate)), slots: [first, second] };
}

function slot(name: string, shape: Shape, next: (now: Value) => Value): Slot {
  const value = input(name, shape);
  return { name, shape, value, next: reshape(next(inRow(value)), shape) };
}
