import { assert } from '../base/assert.ts';
import { input } from '../graph/builder.ts';
import type { Shape, Value } from '../graph/value.ts';

/** How a parameter's first numbers are drawn: always from the seeded generator. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  /** U(−b, b) with b = √(6/(fanIn + fanOut)) (Glorot and Bengio 2010). */
  | { readonly kind: 'xavier'; readonly fanIn: number; readonly fanOut: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** U(middle − bound, middle + bound); the middle is 0 where it is left out. */
  | { readonly kind: 'uniform'; readonly bound: number; readonly middle?: number }
  /** As they are in a file that a network came from. */
  | { readonly kind: 'given'; readonly data: Float32Array };

/** N(0, 2/fanOut): derivatives keep their size on the way back through a ReLU (He et al. 2015, "fan out"). */
export function he(fanOut: number): Initial {
  return { kind: 'normal', deviation: Math.sqrt(2 / fanOut) };
}

/** What training changes by its derivative. */
export interface Parameter {
  /** Unique, by the way through the network: `stage1.0.conv1.weight`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  /** Whether weight decay applies; it does not to normalisation and biases. */
  readonly decays: boolean;
  /** What its numbers are kept in after every step. */
  readonly within?: readonly [least: number, most: number];
  readonly value: Value;
}

/** What training carries along without a derivative, such as running statistics. */
export interface Running {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  readonly value: Value;
  /** Its value after the step; null where the network is not in training. */
  readonly next: Value | null;
}

/** Random zeros that are fed at every step: 1 where a number is kept, of uint8. */
export interface Mask {
  readonly name: string;
  readonly shape: Shape;
  /** The probability of a zero. */
  readonly rate: number;
}

/** What stays as it is while the rest is trained, by names. */
export interface Frozen {
  parameter(name: string): boolean;
  /** Of normalisation: it then uses its running statistics, in training, too. */
  statistics(name: string): boolean;
}

/**
 * A network while it is built: layers add to the lists. In training, normalisation uses the batch's statistics and
 * dropout is active. A frozen parameter is carried along unchanged, as running numbers are, and has no derivative.
 */
export interface Net {
  readonly training: boolean;
  readonly frozen: Frozen;
  readonly parameters: Parameter[];
  readonly running: Running[];
  readonly masks: Mask[];
  /** All that are taken. */
  readonly names: Set<string>;
}

export function openNet(training: boolean, frozen = nothing): Net {
  return { training, frozen, parameters: [], running: [], masks: [], names: new Set() };
}

const nothing: Frozen = { parameter: () => false, statistics: () => false };

export interface ParameterOptions {
  readonly decays?: boolean;
  readonly within?: readonly [least: number, most: number];
}

export function parameter(
  net: Net,
  name: string,
  shape: Shape,
  initial: Initial,
  options: ParameterOptions = {},
): Value {
  claim(net, name);
  const value = input(name, shape);
  if (net.frozen.parameter(name)) net.running.push({ name, shape, initial, value, next: value });
  else net.parameters.push({ name, shape, initial, decays: true, ...options, value });
  return value;
}

/** A running number for every channel; `next` gives its value after a step of training. */
export function running(
  net: Net,
  name: string,
  shape: Shape,
  initial: number | Float32Array,
  next: (now: Value) => Value,
): Value {
  claim(net, name);
  const value = input(name, shape);
  const first: Initial =
    typeof initial === 'number' ? { kind: 'constant', value: initial } : { kind: 'given', data: initial };
  net.running.push({ name, shape, initial: first, value, next: net.training ? next(value) : null });
  return value;
}

export function mask(net: Net, name: string, shape: Shape, rate: number): Value {
  claim(net, name);
  net.masks.push({ name, shape, rate });
  return input(name, shape, 'uint8');
}

function claim({ names }: Net, name: string): void {
  assert(!names.has(name), () => `the name ${name} is given twice`);
  names.add(name);
}

/** How many numbers are learnt. */
export function parameterCount({ parameters }: Net): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
