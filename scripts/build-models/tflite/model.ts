import {
  bytesField,
  damaged,
  int8Field,
  int32Field,
  int32Vector,
  openFlatbuffer,
  rootTable,
  stringField,
  type Table,
  tableField,
  tableVector,
  uint32Field,
} from './flatbuffer.ts';
import { builtinName, type Options, readOptions } from './operators.ts';

/** Element types that face models use; TFLite's numbers. */
const elementTypes = ['float32', 'float16', 'int32', 'uint8', 'int64'] as const;
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
export function readTflite(bytes: Uint8Array, name: string): TfliteModel {
  const root = rootTable(openFlatbuffer(bytes, name), 'TFL3');
  const subgraphs = tableVector(root, 2);
  const graph = subgraphs[0];
  if (graph === undefined || subgraphs.length !== 1) throw damaged(name, `${subgraphs.length} subgraphs`);
  const buffers = tableVector(root, 4);
  const kinds = tableVector(root, 1).map((code) =>
    builtinName(Math.max(int8Field(code, 0), int32Field(code, 3)), stringField(code, 1)),
  );
  const tensors = tableVector(graph, 0).map((tensor) => readTensor(tensor, buffers, name));
  const known = (list: number[]): number[] => {
    const wrong = list.find((index) => index < -1 || index >= tensors.length);
    if (wrong !== undefined) throw damaged(name, `tensor ${wrong} of ${tensors.length}`);
    return list;
  };
  const operators = tableVector(graph, 3).map((operator): TfliteOperator => {
    const kind = kinds[uint32Field(operator, 0)];
    if (kind === undefined) throw damaged(name, `operator code ${uint32Field(operator, 0)}`);
    const inputs = known(int32Vector(operator, 1));
    const outputs = known(int32Vector(operator, 2));
    return { kind, inputs, outputs, options: readOptions(kind, tableField(operator, 4)) };
  });
  const inputs = known(int32Vector(graph, 1));
  return { name, tensors, inputs, outputs: known(int32Vector(graph, 2)), operators };
}

function readTensor(tensor: Table, buffers: readonly Table[], file: string): TfliteTensor {
  const name = stringField(tensor, 3);
  const type = elementTypes[int8Field(tensor, 1)];
  if (type === undefined) throw damaged(file, `tensor ${name} has type ${int8Field(tensor, 1)}`);
  if (tableField(tensor, 6) !== null) throw damaged(file, `tensor ${name} is sparse`);
  const buffer = buffers[uint32Field(tensor, 2)];
  if (buffer === undefined) throw damaged(file, `tensor ${name} has no buffer ${uint32Field(tensor, 2)}`);
  const data = bytesField(buffer, 0);
  const shape = int32Vector(tensor, 0);
  if (shape.some((side) => side < 0)) throw damaged(file, `tensor ${name} has the shape [${shape}]`);
  const constant = data.length > 0;
  const expected = shape.reduce((product, side) => product * side, bytesOf(type));
  if (constant && data.length !== expected) {
    throw damaged(file, `tensor ${name} [${shape}] has ${data.length} bytes instead of ${expected}`);
  }
  return { name, shape, type, data: constant ? data : null };
}

export function bytesOf(type: ElementType): number {
  return { float32: 4, float16: 2, int32: 4, uint8: 1, int64: 8 }[type];
}
