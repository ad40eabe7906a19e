import { assert, defined } from '../base/assert.ts';
import { type InputAttributes, inputOp, isNode } from '../graph/leaves.ts';
import type { Emitter, Shape, Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { floatTensor, halfTensor, intVector } from '../onnx/build.ts';
import type { OnnxDim, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from '../onnx/types.ts';

export interface EmitOptions {
  readonly name: string;
  readonly metadata?: ReadonlyMap<string, string>;
  /** Version of ONNX's own operators; 20 unless told otherwise. */
  readonly opset?: number;
  /** Numbers for inputs that become constants of the file, by name: an exported network's parameters. */
  readonly constants?: ReadonlyMap<string, Float32Array>;
  /** Where the first side of these inputs, and so of every result, may be any number: its name. */
  readonly batch?: { readonly name: string; readonly inputs: readonly string[] };
  /** Names for values on the way; of those that no result needs nothing is written. */
  readonly inner?: ReadonlyMap<string, Value>;
}

/**
 * Simplified results as an ONNX model. Inputs keep their names; results have those of the map. Inputs that no result
 * needs are left out. Nodes are in the order of a walk, so the same graph gives the same bytes.
 */
export function emit(results: ReadonlyMap<string, Value>, options: EmitOptions): OnnxModel {
  const { constants = new Map<string, Float32Array>(), batch, opset = 20, inner = new Map() } = options;
  const order = topological([...results.values()]);
  const writer = openWriter();
  const names = new Map<Value, string>();
  const inputs: InputAttributes[] = [];
  for (const value of order) {
    const { form } = value.op;
    assert(form.kind === 'primitive', `${value.op.name} is replaced by primitives before it is written`);
    const operands = value.inputs.map((input) => defined(names.get(input), `the name of a ${input.op.name}`));
    names.set(value, form.emit(value, writer.emitter(operands, value.type === 'float16')));
    if (!isNode(value, inputOp)) continue;
    const { name, shape } = value.attributes;
    const data = constants.get(name);
    if (data === undefined) inputs.push(value.attributes);
    else writer.initializers.push(floatTensor(name, shape, data));
  }
  // A result has its own name, also where it is an input or is two results at once.
  const outputs = [...results].map(([name, value]) => {
    const source = defined(names.get(value), `the result ${name}`);
    writer.nodes.push(onnxNode('Identity', [source], name, new Map()));
    return info(name, value, batch?.name);
  });
  const nodes = withNames(withoutIdentities(writer.nodes), innerNames(inner, names));
  // what other programs may not know is only declared where it is used
  const domains = new Set(nodes.map(({ domain }) => domain).filter((domain) => domain !== ''));
  const opsets = new Map([['', opset], ...[...domains].toSorted().map((domain) => [domain, 1] as const)]);
  return {
    irVersion: opset < 19 ? 8 : 9,
    producer: 'Lineament',
    producerVersion: '1',
    opsets,
    metadata: options.metadata ?? new Map(),
    graph: {
      name: options.name,
      nodes,
      initializers: writer.initializers,
      inputs: inputs.map((input) =>
        info(input.name, input, batch?.inputs.includes(input.name) ? batch.name : undefined),
      ),
      outputs,
      values: [],
    },
  };
}

function info(name: string, { type, shape }: Pick<Value, 'type' | 'shape'>, batch?: string): OnnxValueInfo {
  const sides: OnnxDim[] = shape.map((side, i) => (i === 0 && batch !== undefined ? batch : side));
  return { name, type, shape: sides };
}

/** An Identity that renames a node's only use is left out and the node writes the result itself. */
function withoutIdentities(nodes: readonly OnnxNode[]): OnnxNode[] {
  const renamed = new Map<string, string>();
  const produced = new Set(nodes.filter(({ op }) => op !== 'Identity').flatMap(({ outputs }) => outputs));
  const kept = nodes.filter(({ op, inputs: [source = ''], outputs: [result = ''] }) => {
    if (op !== 'Identity' || !produced.has(source) || renamed.has(source)) return true;
    renamed.set(source, result);
    return false;
  });
  return withNames(kept, renamed);
}

function withNames(nodes: readonly OnnxNode[], renamed: ReadonlyMap<string, string>): OnnxNode[] {
  const rename = (name: string): string => renamed.get(name) ?? name;
  return nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
}

/** From the names that were given to values on the way, to those that they are to have. */
function innerNames(
  inner: ReadonlyMap<string, Value>,
  names: ReadonlyMap<Value, string>,
): ReadonlyMap<string, string> {
  const taken = new Set(names.values());
  return new Map(
    [...inner].flatMap(([wanted, value]) => {
      const given = names.get(value);
      return given === undefined || taken.has(wanted) ? [] : [[given, wanted] as const];
    }),
  );
}

function onnxNode(
  op: string,
  inputs: readonly string[],
  result: string,
  attributes: OnnxNode['attributes'],
): OnnxNode {
  return { name: `${op}:${result}`, op, domain: '', inputs, outputs: [result], attributes };
}

interface Writer {
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
  /** `half`: constants are of half precision unless told otherwise. */
  emitter(operands: readonly string[], half: boolean): Emitter;
}

function openWriter(): Writer {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const shared = new Map<string, string>();
  /** The constant's name; short equal ones are written once. */
  const constant = (key: string | null, make: (name: string) => OnnxTensor): string => {
    const name = (key === null ? undefined : shared.get(key)) ?? `c${initializers.length}`;
    if (key !== null && shared.has(key)) return name;
    if (key !== null) shared.set(key, name);
    initializers.push(make(name));
    return name;
  };
  const floats = (values: ArrayLike<number>, shape: Shape): string =>
    constant(floatsKey(values, shape), (name) =>
      floatTensor(name, shape, values instanceof Float32Array ? values : Float32Array.from(values)),
    );
  const halves = (values: ArrayLike<number>, shape: Shape): string => {
    const key = floatsKey(values, shape);
    return constant(key && `half ${key}`, (name) => halfTensor(name, shape, values));
  };
  return {
    nodes,
    initializers,
    emitter: (operands, half) => ({
      input: (index) => defined(operands[index], `operand ${index}`),
      node(op, inputs, attributes = {}, domain = '') {
        const name = `t${nodes.length}`;
        nodes.push({ ...onnxNode(op, inputs, name, new Map(Object.entries(attributes))), domain });
        return name;
      },
      ints: (values) => constant(`ints ${values}`, (name) => intVector(name, values)),
      floats: (values, shape, type) => (half && type === undefined ? halves : floats)(values, shape),
    }),
  };
}

/** Short constants and those of one repeated number are shared. */
function floatsKey(values: ArrayLike<number>, shape: Shape): string | null {
  const first = values[0] ?? 0;
  let same = 1;
  while (same < values.length && values[same] === first) same += 1;
  if (same >= values.length) return `filled ${shape}: ${first}`;
  return values.length <= 16 ? `floats ${shape}: ${Array.from(values)}` : null;
}
