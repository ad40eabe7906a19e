import type { OnnxAttribute } from '../onnx/types.ts';

/**
 * Numbers that are computed are float32, and float16 where the compiler has put casts (compile/half.ts); pictures come as
 * uint8, labels as int32, and answers to a question are bool.
 */
export type ElementType = 'float32' | 'float16' | 'int32' | 'uint8' | 'bool';

/** Every side is a known number: a graph is built for one batch size. Row-major; [] is a single number. */
export type Shape = readonly number[];

/**
 * A value of a computation: an operator applied to other values. A graph is what can be reached from its results, so
 * values never change once made, and `node` of builder.ts is the only way to make one.
 */
export interface Value<A extends object = object> {
  readonly op: Operator<A>;
  readonly inputs: readonly Value[];
  readonly attributes: A;
  readonly shape: Shape;
  readonly type: ElementType;
}

/** What one kind of node is: which inputs are valid, what comes out, its derivative, and how it is run. */
export interface Operator<A extends object = object> {
  readonly name: string;
  /** The result's shape; asserts that the inputs are valid. */
  shape(inputs: readonly Value[], attributes: A): Shape;
  /** The result's type; that of the numbers it takes where left out. */
  type?(attributes: A): ElementType;
  /**
   * The derivative of the loss by every input, from `dy`, that by the result (of the result's shape). Null where none
   * flows. Where an input was broadcast, the derivative may keep the larger shape: the reverse walk sums it.
   */
  gradient(node: Value<A>, dy: Value): readonly (Value | null)[];
  /** A primitive is written as ONNX nodes, any other operator is replaced by primitives. */
  readonly form: Primitive<A> | Composed<A>;
}

export interface Primitive<A extends object> {
  readonly kind: 'primitive';
  /** Writes the node and gives the name of its result. */
  emit(node: Value<A>, onnx: Emitter): string;
}

export interface Composed<A extends object> {
  readonly kind: 'composed';
  /** The same value by other operators. */
  lower(node: Value<A>): Value;
}

/** What an operator needs to write itself as ONNX. */
export interface Emitter {
  /** Name of the node's input number `index`. */
  input(index: number): string;
  /** Writes one ONNX node of one result and gives that result's name. `inputs` may hold '' for one left out. */
  node(op: string, inputs: readonly string[], attributes?: OnnxAttributes, domain?: string): string;
  /** Names of constants. */
  ints(values: readonly number[]): string;
  /** Of the node's own precision unless a type is given. */
  floats(values: ArrayLike<number>, shape: Shape, type?: 'float32'): string;
}

export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;
