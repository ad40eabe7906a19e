import { assert } from '../base/assert.ts';
import { error } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import type { OnnxAttribute, OnnxNode } from '../onnx/types.ts';
import { asValue, type Entry, isKnown, type Known } from './entry.ts';

/** A node of the graph and what its inputs stand for, as its rule reads it. */
export interface Reader {
  readonly node: OnnxNode;
  /** Version of ONNX's operators. */
  readonly opset: number;
  /** Inputs; null where one is left out. */
  readonly entries: readonly (Entry | null)[];
  /** Whether a weight has had a part in any input. */
  readonly learnt: boolean;
  has(index: number): boolean;
  entry(index: number): Entry;
  value(index: number): Value;
  /** An input that must be known before the graph runs; `what` it is, for the refusal. */
  known(index: number, what: string): Known;
  ints(index: number, what: string): readonly number[];
  int(name: string, otherwise: number): number;
  float(name: string, otherwise: number): number;
  text(name: string, otherwise: string): string;
  list(name: string): readonly number[] | null;
  /** Throws `graph/refused-node`. */
  refuse(why: string): never;
}

export function readerOf(node: OnnxNode, opset: number, entries: readonly (Entry | null)[]): Reader {
  const refuse = (why: string): never => {
    throw error('graph/refused-node', { op: node.op, node: nameOf(node), why });
  };
  const entry = (index: number): Entry => entries[index] ?? refuse(`input ${index} is left out`);
  const known = (index: number, what: string): Known => {
    const found = entry(index);
    return isKnown(found) ? found : refuse(`${what} must be known before the network runs`);
  };
  const attribute = <K extends OnnxAttribute['kind']>(name: string, kind: K) => {
    const found = node.attributes.get(name);
    if (found === undefined) return null;
    assert(found.kind === kind, `${name} of ${node.op} is ${kind}, not ${found.kind}`);
    return found as Extract<OnnxAttribute, { kind: K }>;
  };
  return {
    ...{ node, opset, entries, entry, known, refuse },
    learnt: entries.some((one) => one !== null && !isKnown(one) && one.learnt),
    has: (index) => (entries[index] ?? null) !== null,
    value: (index) => asValue(entry(index)),
    ints: (index, what) => Array.from(known(index, what).data),
    int: (name, otherwise) => attribute(name, 'int')?.value ?? otherwise,
    float: (name, otherwise) => attribute(name, 'float')?.value ?? otherwise,
    text: (name, otherwise) => attribute(name, 'string')?.value ?? otherwise,
    list: (name) => attribute(name, 'ints')?.value ?? null,
  };
}

/** A node's name, or that of its result where it has none. */
export function nameOf({ name, outputs }: OnnxNode): string {
  return name === '' ? (outputs[0] ?? '') : name;
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
