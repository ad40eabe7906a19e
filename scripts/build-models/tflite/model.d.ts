import { type Options } from './operators.ts';

/** Element types that face models use; TFLite's numbers. */
declare const elementTypes: readonly ['float32', 'float16', 'int32', 'uint8', 'int64'];
export type ElementType = (typeof elementTypes)[number];
export interface TfliteTensor {
  readonly name: string;
  /** As stored; the batch is 1 or whatever the file was made for. */
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Little-endian values of a constant; null for what the graph computes. */
  readonly data: Uint8Array | null;
}
export interface TfliteOperator {
  /** As in the TFLite schema: CONV_2D, PRELU … */
  readonly kind: string;
  /** Tensor numbers; −1 for an absent optional input. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Options;
}
export interface TfliteModel {
  readonly name: string;
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** In an order in which they can run. */
  readonly operators: readonly TfliteOperator[];
}
/**
 * Parses a TFLite file (schema version 3) with one subgraph. Throws `models/bad-source` on a damaged file and on what
 * no face model here has: quantised, sparse or text tensors.
 */
export declare function readTflite(bytes: Uint8Array, name: string): TfliteModel;
export declare function bytesOf(type: ElementType): number;
