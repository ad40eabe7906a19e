import { codeOfType } from './element-types.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './types.ts';
import { utf8Bytes } from './utf8.ts';
import {
  joined,
  openWriter,
  type Writer,
  writeBytes,
  writeFloat,
  writeInt,
  writeMessage,
  writePackedFloats,
  writePackedInts,
  writeString,
} from './wire.ts';

/** The bytes of an .onnx file. Field numbers are those of onnx.proto; the same model gives the same bytes. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const writer = openWriter();
  writeInt(writer, 1, model.irVersion);
  writeString(writer, 2, model.producer);
  writeString(writer, 3, model.producerVersion);
  writeMessage(writer, 7, (graph) => writeGraph(graph, model.graph));
  for (const [domain, version] of model.opsets) {
    writeMessage(writer, 8, (opset) => {
      writeString(opset, 1, domain);
      writeInt(opset, 2, version);
    });
  }
  for (const [key, value] of model.metadata) {
    writeMessage(writer, 14, (entry) => {
      writeString(entry, 1, key);
      writeString(entry, 2, value);
    });
  }
  return joined(writer);
}

/** Repeated strings keep their empty members, which stand for inputs that are left out. */
function writeStrings(writer: Writer, field: number, texts: readonly string[]): void {
  for (const text of texts) writeBytes(writer, field, utf8Bytes(text));
}

function writeGraph(writer: Writer, graph: OnnxGraph): void {
  for (const node of graph.nodes) writeMessage(writer, 1, (message) => writeNode(message, node));
  writeString(writer, 2, graph.name);
  for (const tensor of graph.initializers) writeMessage(writer, 5, (message) => writeTensor(message, tensor));
  for (const value of graph.inputs) writeMessage(writer, 11, (message) => writeValueInfo(message, value));
  for (const value of graph.outputs) writeMessage(writer, 12, (message) => writeValueInfo(message, value));
  for (const value of graph.values) writeMessage(writer, 13, (message) => writeValueInfo(message, value));
}

function writeNode(writer: Writer, node: OnnxNode): void {
  writeStrings(writer, 1, node.inputs);
  writeStrings(writer, 2, node.outputs);
  writeString(writer, 3, node.name);
  writeString(writer, 4, node.op);
  for (const [name, attribute] of node.attributes) {
    writeMessage(writer, 5, (message) => writeAttribute(message, name, attribute));
  }
  writeString(writer, 7, node.domain);
}

function writeAttribute(writer: Writer, name: string, attribute: OnnxAttribute): void {
  writeString(writer, 1, name);
  const { kind, value } = attribute;
  if (kind === 'float') writeFloat(writer, 2, value);
  else if (kind === 'int') writeInt(writer, 3, value);
  else if (kind === 'string') writeStrings(writer, 4, [value]);
  else if (kind === 'tensor') writeMessage(writer, 5, (message) => writeTensor(message, value));
  else if (kind === 'graph') writeMessage(writer, 6, (message) => writeGraph(message, value));
  else if (kind === 'floats') writePackedFloats(writer, 7, value);
  else if (kind === 'ints') writePackedInts(writer, 8, value);
  else if (kind === 'strings') writeStrings(writer, 9, value);
  else if (kind === 'tensors') {
    for (const tensor of value) writeMessage(writer, 10, (message) => writeTensor(message, tensor));
  } else {
    for (const graph of value) writeMessage(writer, 11, (message) => writeGraph(message, graph));
  }
  writeInt(writer, 20, attributeCodes[kind]);
}

/** AttributeProto.AttributeType. */
export const attributeCodes: { readonly [K in OnnxAttribute['kind']]: number } = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
};

function writeTensor(writer: Writer, tensor: OnnxTensor): void {
  writePackedInts(writer, 1, tensor.dims);
  writeInt(writer, 2, codeOfType(tensor.type));
  writeString(writer, 8, tensor.name);
  if (tensor.type === 'string') writeStrings(writer, 6, tensor.data);
  else {
    // All platforms that Lineament runs on are little-endian, as raw_data is.
    const { buffer, byteOffset, byteLength } = tensor.data;
    writeBytes(writer, 9, new Uint8Array(buffer, byteOffset, byteLength));
  }
}

function writeValueInfo(writer: Writer, value: OnnxValueInfo): void {
  writeString(writer, 1, value.name);
  const { type, shape } = value;
  if (type === null) return;
  writeMessage(writer, 2, (typeProto) => {
    writeMessage(typeProto, 1, (tensorType) => {
      writeInt(tensorType, 1, codeOfType(type));
      if (shape === null) return;
      writeMessage(tensorType, 2, (shapeProto) => {
        for (const dim of shape) {
          writeMessage(shapeProto, 1, (message) => {
            if (typeof dim === 'number') writeInt(message, 1, dim);
            else if (dim !== null) writeString(message, 2, dim);
          });
        }
      });
    });
  });
}
