import { error } from '../../src/core/base/errors.ts';
import { intVector } from '../../src/core/onnx/build.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValueInfo } from '../../src/core/onnx/types.ts';

/** Operators that mean the same in every operator set from 9 to 18, used as these models use them. */
const unchanged = new Set([
  'Add',
  'BatchNormalization',
  'Conv',
  'Flatten',
  'Gemm',
  'PRelu',
  'Relu',
  'Reshape',
]);
const opset = 18;

/**
 * An old ONNX export made ready: operator set 18, free batch, inputs and outputs with the names that are given.
 * Throws `models/bad-source` where the graph has an operator for which that isn't safe.
 */
export function modernised(
  model: OnnxModel,
  inputs: readonly string[],
  outputs: readonly string[],
): OnnxModel {
  const strange = model.graph.nodes.find(({ op, domain }) => domain !== '' || !unchanged.has(op));
  if (strange !== undefined) {
    throw error('models/bad-source', {
      file: model.graph.name,
      detail: `operator ${strange.op} may have changed its meaning`,
    });
  }
  const graph = renamed(withFreeBatch(model.graph), inputs, outputs);
  return {
    ...model,
    irVersion: 8,
    producer: 'lineament',
    producerVersion: '',
    opsets: new Map([['', opset]]),
    graph,
  };
}

/** First side of every input and output named 'batch', and of every reshape kept as it comes (0) instead of 1. */
function withFreeBatch(graph: OnnxGraph): OnnxGraph {
  const shapes = new Set(graph.nodes.filter(({ op }) => op === 'Reshape').map(({ inputs }) => inputs[1]));
  const initializers = graph.initializers.map((tensor) => {
    if (!shapes.has(tensor.name) || tensor.type !== 'int64') return tensor;
    const [first, ...rest] = [...tensor.data].map(Number);
    return intVector(tensor.name, [first === 1 ? 0 : (first ?? 0), ...rest]);
  });
  const constants = new Set(initializers.map(({ name }) => name));
  const free = (value: OnnxValueInfo): OnnxValueInfo => ({
    ...value,
    shape: value.shape === null ? null : ['batch', ...value.shape.slice(1)],
  });
  return {
    ...graph,
    initializers,
    inputs: graph.inputs.filter(({ name }) => !constants.has(name)).map(free),
    outputs: graph.outputs.map(free),
    values: [],
  };
}

function renamed(graph: OnnxGraph, inputs: readonly string[], outputs: readonly string[]): OnnxGraph {
  const names = new Map<string, string>();
  graph.inputs.forEach(({ name }, i) => {
    names.set(name, inputs[i] ?? name);
  });
  graph.outputs.forEach(({ name }, i) => {
    names.set(name, outputs[i] ?? name);
  });
  const of = (name: string): string => names.get(name) ?? name;
  const inNode = (node: OnnxNode): OnnxNode => ({
    ...node,
    inputs: node.inputs.map(of),
    outputs: node.outputs.map(of),
  });
  const inValue = (value: OnnxValueInfo): OnnxValueInfo => ({ ...value, name: of(value.name) });
  return {
    ...graph,
    nodes: graph.nodes.map(inNode),
    inputs: graph.inputs.map(inValue),
    outputs: graph.outputs.map(inValue),
  };
}
