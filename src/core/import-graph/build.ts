import { error, LineamentError } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValueInfo } from '../onnx/types.ts';
import { asValue, type Entry, isKnown, type Known } from './entry.ts';
import { foldKnown } from './fold-known.ts';
import { nameOf, type Reader, readerOf } from './reader.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules.ts';
import { openScope, type Scope } from './scope.ts';
import { knownOf } from './tensors.ts';

/** A graph from pictures to embeddings, made ready to be built as often as it is needed. */
export interface Source {
  readonly input: OnnxValueInfo;
  readonly output: string;
  /** What the output needs, in an order in which it can run. */
  readonly nodes: readonly OnnxNode[];
  readonly weights: ReadonlyMap<string, Known>;
  readonly opset: number;
}

/**
 * Takes a model apart; of several outputs the one called `embedding`, or the first of rows is taken. Throws `graph/inputs` where it has not one input of pictures, `graph/unknown-operators` which names
 * all that have no rule here, and `onnx/unsupported`.
 */
export function sourceOf({ graph, opsets }: OnnxModel): Source {
  const weights = new Map(graph.initializers.map((tensor) => [tensor.name, knownOf(tensor)]));
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name));
  const [input] = inputs;
  const output =
    graph.outputs.find(({ name }) => name === 'embedding') ??
    graph.outputs.find(({ shape }) => shape?.length === 2) ??
    graph.outputs[0];
  if (inputs.length !== 1 || !input || !output || input.shape?.length !== 4)
    throw error('graph/inputs', {
      inputs: inputs
        .map(({ name, shape }) => `${name} [${shape?.map((side) => side ?? '?') ?? '?'}]`)
        .join(', '),
    });
  const nodes = neededFor(graph, output.name);
  const unknown = nodes.filter((node) => !isStandard(node) || !(rules.has(node.op) || canFold.has(node.op)));
  if (unknown.length > 0) {
    const byOp = Map.groupBy(unknown, ({ op, domain }) => (domain === '' ? op : `${domain}.${op}`));
    const operators = [...byOp].map(([op, of]) => {
      const more = of.length > 1 ? ` and ${of.length - 1} more` : '';
      return `${op} (${of[0] ? nameOf(of[0]) : ''}${more})`;
    });
    throw error('graph/unknown-operators', { operators: operators.join(', ') });
  }
  return { input, output: output.name, nodes, weights, opset: opsets.get('') ?? 1 };
}

/** Of shapes and constants only; see fold-known.ts. */
const canFold: ReadonlySet<string> = new Set([
  ...['And', 'Ceil', 'Constant', 'ConstantOfShape', 'Equal', 'Floor', 'Greater', 'Less', 'Mod', 'Not', 'Or'],
  ...['Range', 'ReduceProd', 'Shape', 'Size', 'Where'],
]);

const isStandard = ({ domain }: OnnxNode): boolean => domain === '' || domain === 'ai.onnx';

/** The nodes without which the output cannot be computed, in their order. */
function neededFor({ nodes }: OnnxGraph, output: string): OnnxNode[] {
  const needed = new Set([output]);
  const kept = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    for (const name of node.inputs) needed.add(name);
    return true;
  });
  return kept.reverse();
}

/**
 * The graph's output for pictures as the graph wants them, [n, ..]. Weights become parameters of the net that start as
 * they are in the file. Throws `graph/refused-node`.
 */
export function buildGraph(source: Source, net: Net, pictures: Value): Value {
  const { input, output, nodes, weights, opset } = source;
  const [first] = input.shape ?? [];
  const scope = openScope(net, pictures.shape[0] ?? 1, typeof first === 'number' ? first : null);
  const entries = new Map<string, Entry>(weights);
  entries.set(input.name, { value: pictures, learnt: false });
  for (const node of nodes) {
    const inputs = node.inputs.map((name) => (name === '' ? null : (entries.get(name) ?? null)));
    const reader = readerOf(node, opset, inputs);
    const rule = rules.get(node.op);
    const known = foldKnown(reader);
    if (known === null && !rule)
      reader.refuse('it is known of constants only, and this is computed from pictures');
    const results = known ?? (rule ? applied(rule, reader, scope) : []);
    node.outputs.forEach((name, i) => {
      const result = results[i];
      if (result) entries.set(name, result);
    });
  }
  const result = entries.get(output);
  if (!result || isKnown(result))
    throw error('graph/refused-node', {
      op: 'the output',
      node: output,
      why: 'it does not depend on the pictures',
    });
  return asValue(result);
}

/** A rule's results. What a shape rule asserts is here the file's fault: sides that do not fit, an axis that is not there. */
function applied(rule: Rule, reader: Reader, scope: Scope): readonly Entry[] {
  try {
    return [rule(reader, scope)].flat();
  } catch (thrown) {
    const told = thrown instanceof Error && !(thrown instanceof LineamentError) ? thrown.message : null;
    const why = told?.startsWith('assertion failed: ') ? told.slice('assertion failed: '.length) : null;
    throw why === null
      ? thrown
      : error('graph/refused-node', { op: reader.node.op, node: nameOf(reader.node), why }, thrown);
  }
}
