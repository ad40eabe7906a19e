import type { Value } from '../graph/value.ts';
import { type Net, parameter } from '../layers/net.ts';
import { asValue, type Entry, isKnown, type Known } from './entry.ts';
import { nameOf, type Reader } from './reader.ts';

/** What a graph that is being built shares among its nodes. */
export interface Scope {
  readonly net: Net;
  /** Pictures at once. */
  readonly batch: number;
  /** How many pictures the graph was written for; null where any number. */
  readonly written: number | null;
  /** An input as a parameter that starts as its numbers, where they are known; once for one of them. */
  weight(reader: Reader, index: number, role: string, decays?: boolean): Value;
  /** A name for what belongs to a node: that of its weights as far as it says something, else by operator and number. */
  nameOf(reader: Reader, index: number, role: string): string;
}

export function openScope(net: Net, batch: number, written: number | null): Scope {
  const made = new Map<Known, Value>();
  const numbers = new Map<string, number>();
  const taken = new Set<string>();
  const stems = new Map<object, string>();
  /** `conv3`: the operator, and how many there have been. */
  const stemOf = ({ node }: Reader): string => {
    const before = stems.get(node);
    if (before !== undefined) return before;
    const op = node.op.slice(0, 1).toLowerCase() + node.op.slice(1);
    const number = numbers.get(op) ?? 0;
    numbers.set(op, number + 1);
    stems.set(node, `${op}${number}`);
    return `${op}${number}`;
  };
  const nameFor = (reader: Reader, index: number, role: string): string => {
    const stem = stemOf(reader);
    const entry = reader.entries[index] ?? null;
    const own = entry !== null && isKnown(entry) ? speaking(entry.name) : null;
    const wanted = own ?? `${stem}.${role}`;
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}~${i}`;
    taken.add(name);
    return name;
  };
  const weight: Scope['weight'] = (reader, index, role, decays = true) => {
    const entry: Entry = reader.entry(index);
    if (!isKnown(entry)) return asValue(entry);
    const before = made.get(entry);
    if (before) return before;
    const data = entry.data instanceof Float32Array ? entry.data : Float32Array.from(entry.data);
    const name = nameFor(reader, index, role);
    const value = parameter(net, name, entry.shape, { kind: 'given', data }, { decays });
    made.set(entry, value);
    return value;
  };
  return { net, batch, written, weight, nameOf: nameFor };
}

/** Names such as `layer1.0.conv1.weight` say where a weight belongs; `onnx::Conv_476` and `519` do not. */
function speaking(name: string): string | null {
  return /^[a-z][\w-]*(\.[\w-]+)+$/i.test(name) && !name.startsWith('classes') ? name : null;
}

/** A node in words, for what it is refused for. */
export function spoken(reader: Reader): string {
  return `${reader.node.op} (${nameOf(reader.node)})`;
}
