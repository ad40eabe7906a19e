/**
 * An ONNX model in memory: what an inference graph needs, and nothing that only training or debugging tools write.
 * Everything is readonly; graphs are changed by making new ones.
 */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  readonly producerVersion: string;
  /** Version of each operator set by its domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly name: string;
  /** In an order in which they can run. */
  readonly nodes: readonly OnnxNode[];
  /** Constants, by their `name`. */
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Known types of values in between; may be empty. */
  readonly values: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  readonly name: string;
  /** Operator, such as 'Conv'. */
  readonly op: string;
  /** '' is ONNX's own. */
  readonly domain: string;
  /** Names of values; '' where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** Integers beyond ±(2^53 − 1), which only say "to the end", come out as ±(2^53 − 1). */
export type OnnxAttribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensors'; readonly value: readonly OnnxTensor[] }
  | { readonly kind: 'graphs'; readonly value: readonly OnnxGraph[] };

/** The array that holds each element type; half floats are their bits, booleans 0 or 1. */
export interface OnnxArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  bool: Uint8Array;
  string: readonly string[];
}

export type OnnxType = keyof OnnxArrays;

export interface OnnxTensorOf<T extends OnnxType> {
  readonly name: string;
  readonly type: T;
  readonly dims: readonly number[];
  /** Row-major; as many elements as the product of `dims`. */
  readonly data: OnnxArrays[T];
}

export type OnnxTensor = { [T in OnnxType]: OnnxTensorOf<T> }[OnnxType];

/** A side of a shape: a number, a name such as 'batch', or null where nothing is known. */
export type OnnxDim = number | string | null;

export interface OnnxValueInfo {
  readonly name: string;
  /** Null where the value is no tensor or its type isn't stated. */
  readonly type: OnnxType | null;
  /** Null where even the rank is unknown. */
  readonly shape: readonly OnnxDim[] | null;
}
