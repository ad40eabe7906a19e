import { error } from '../base/errors.ts';
import { typeOfCode } from './element-types.ts';
import { readTensor } from './read-tensor.ts';
import type {
  OnnxAttribute,
  OnnxDim,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from './types.ts';
import {
  bytesWire,
  type Cursor,
  expectWire,
  type Field,
  fixed32Wire,
  malformed,
  openCursor,
  readField,
  readFloat,
  readNumber,
  readRepeated,
  readStretch,
  readString,
  skipField,
  varintWire,
} from './wire.ts';
import { attributeCodes } from './write.ts';

/** Graphs inside attributes (If, Loop) may nest this deep; more is damage or malice. */
const maxDepth = 16;

/**
 * Parses an .onnx file. Fields that an inference graph doesn't need are passed over. Throws `onnx/malformed` with the
 * offset on damaged bytes and `onnx/unsupported` on what would change the meaning if it were passed over: external or
 * sparse tensors, local functions, element types that are not known.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const cursor = openCursor(bytes);
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  let irVersion = 0;
  let producer = '';
  let producerVersion = '';
  let graph: OnnxGraph | null = null;
  eachField(cursor, (field) => {
    if (field.number === 1) irVersion = integer(cursor, field);
    else if (field.number === 2) producer = text(cursor, field);
    else if (field.number === 3) producerVersion = text(cursor, field);
    else if (field.number === 7) graph = readGraph(message(cursor, field), 0);
    else if (field.number === 8) {
      const [domain, version] = readOpset(message(cursor, field));
      opsets.set(domain, version);
    } else if (field.number === 14) {
      const [key, value] = readEntry(message(cursor, field));
      metadata.set(key, value);
    } else if (field.number === 25) throw error('onnx/unsupported', { what: 'local functions' });
    else skipField(cursor, field);
  });
  if (graph === null) throw malformed(0, 'there is no graph in it');
  return { irVersion, producer, producerVersion, opsets, metadata, graph };
}

function eachField(cursor: Cursor, use: (field: Field) => void): void {
  for (let field = readField(cursor); field !== null; field = readField(cursor)) use(field);
}

function integer(cursor: Cursor, field: Field): number {
  expectWire(field, varintWire);
  return readNumber(cursor);
}

function text(cursor: Cursor, field: Field): string {
  expectWire(field, bytesWire);
  return readString(cursor);
}

function message(cursor: Cursor, field: Field): Cursor {
  expectWire(field, bytesWire);
  return readStretch(cursor);
}

function readOpset(cursor: Cursor): [domain: string, version: number] {
  let domain = '';
  let version = 0;
  eachField(cursor, (field) => {
    if (field.number === 1) domain = text(cursor, field);
    else if (field.number === 2) version = integer(cursor, field);
    else skipField(cursor, field);
  });
  return [domain === 'ai.onnx' ? '' : domain, version];
}

function readEntry(cursor: Cursor): [key: string, value: string] {
  let key = '';
  let value = '';
  eachField(cursor, (field) => {
    if (field.number === 1) key = text(cursor, field);
    else if (field.number === 2) value = text(cursor, field);
    else skipField(cursor, field);
  });
  return [key, value];
}

function readGraph(cursor: Cursor, depth: number): OnnxGraph {
  if (depth > maxDepth) throw malformed(cursor.at, `graphs nest deeper than ${maxDepth}`);
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  const values: OnnxValueInfo[] = [];
  let name = '';
  eachField(cursor, (field) => {
    if (field.number === 1) nodes.push(readNode(message(cursor, field), depth));
    else if (field.number === 2) name = text(cursor, field);
    else if (field.number === 5) initializers.push(readTensor(message(cursor, field)));
    else if (field.number === 11) inputs.push(readValueInfo(message(cursor, field)));
    else if (field.number === 12) outputs.push(readValueInfo(message(cursor, field)));
    else if (field.number === 13) values.push(readValueInfo(message(cursor, field)));
    else if (field.number === 15) throw error('onnx/unsupported', { what: 'sparse initializers' });
    else skipField(cursor, field);
  });
  return { name, nodes, initializers, inputs, outputs, values };
}

function readNode(cursor: Cursor, depth: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = '';
  let op = '';
  let domain = '';
  eachField(cursor, (field) => {
    if (field.number === 1) inputs.push(text(cursor, field));
    else if (field.number === 2) outputs.push(text(cursor, field));
    else if (field.number === 3) name = text(cursor, field);
    else if (field.number === 4) op = text(cursor, field);
    else if (field.number === 5) {
      const [key, attribute] = readAttribute(message(cursor, field), depth);
      attributes.set(key, attribute);
    } else if (field.number === 7) domain = text(cursor, field);
    else skipField(cursor, field);
  });
  return { name, op, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes };
}

function readAttribute(cursor: Cursor, depth: number): [name: string, attribute: OnnxAttribute] {
  const start = cursor.at;
  const found: OnnxAttribute[] = [];
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  const tensors: OnnxTensor[] = [];
  const graphs: OnnxGraph[] = [];
  let name = '';
  let code = 0;
  eachField(cursor, (field) => {
    if (field.number === 1) name = text(cursor, field);
    else if (field.number === 2) {
      expectWire(field, fixed32Wire);
      found.push({ kind: 'float', value: readFloat(cursor) });
    } else if (field.number === 3) found.push({ kind: 'int', value: integer(cursor, field) });
    else if (field.number === 4) found.push({ kind: 'string', value: text(cursor, field) });
    else if (field.number === 5) found.push({ kind: 'tensor', value: readTensor(message(cursor, field)) });
    else if (field.number === 6) {
      found.push({ kind: 'graph', value: readGraph(message(cursor, field), depth + 1) });
    } else if (field.number === 7) readRepeated(cursor, field, fixed32Wire, readFloat, floats);
    else if (field.number === 8) readRepeated(cursor, field, varintWire, readNumber, ints);
    else if (field.number === 9) strings.push(text(cursor, field));
    else if (field.number === 10) tensors.push(readTensor(message(cursor, field)));
    else if (field.number === 11) graphs.push(readGraph(message(cursor, field), depth + 1));
    else if (field.number === 20) code = integer(cursor, field);
    else skipField(cursor, field);
  });
  found.push({ kind: 'floats', value: floats }, { kind: 'ints', value: ints });
  found.push({ kind: 'strings', value: strings }, { kind: 'tensors', value: tensors });
  found.push({ kind: 'graphs', value: graphs });
  // proto3 leaves out a scalar that is zero or empty, and very old files leave out the type.
  found.push({ kind: 'float', value: 0 }, { kind: 'int', value: 0 }, { kind: 'string', value: '' });
  const attribute =
    code === 0
      ? found.find(({ value }) => !Array.isArray(value) || value.length > 0)
      : found.find(({ kind }) => attributeCodes[kind] === code);
  if (attribute === undefined) throw malformed(start, `attribute ${name} has no value of type ${code}`);
  return [name, attribute];
}

function readValueInfo(cursor: Cursor): OnnxValueInfo {
  let name = '';
  let code = 0;
  let shape: OnnxDim[] | null = null;
  eachField(cursor, (field) => {
    if (field.number === 1) name = text(cursor, field);
    else if (field.number === 2) {
      const type = message(cursor, field);
      eachField(type, (typeField) => {
        if (typeField.number !== 1) return skipField(type, typeField);
        const tensor = message(type, typeField);
        eachField(tensor, (tensorField) => {
          if (tensorField.number === 1) code = integer(tensor, tensorField);
          else if (tensorField.number === 2) shape = readShape(message(tensor, tensorField));
          else skipField(tensor, tensorField);
        });
      });
    } else skipField(cursor, field);
  });
  return { name, type: typeOfCode(code), shape };
}

function readShape(cursor: Cursor): OnnxDim[] {
  const shape: OnnxDim[] = [];
  eachField(cursor, (field) => {
    if (field.number !== 1) return skipField(cursor, field);
    const dim = message(cursor, field);
    let side: OnnxDim = null;
    eachField(dim, (dimField) => {
      if (dimField.number === 1) side = integer(dim, dimField);
      else if (dimField.number === 2) side = text(dim, dimField) || null;
      else skipField(dim, dimField);
    });
    shape.push(side);
  });
  return shape;
}
