import { error } from '../base/errors.ts';
import type { OnnxType } from '../onnx/types.ts';
import { utf8Text } from '../onnx/utf8.ts';
import { ofKind, type PickleValue } from '../pickle/values.ts';

/** What PyTorch's state dictionaries are made of, as their pickles describe them. */

/** Types of storages, and what they hold. */
const storages: Readonly<Record<string, Exclude<OnnxType, 'string'>>> = {
  'torch.FloatStorage': 'float32',
  'torch.DoubleStorage': 'float64',
  'torch.HalfStorage': 'float16',
  'torch.BFloat16Storage': 'bfloat16',
  'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32',
  'torch.ByteStorage': 'uint8',
  'torch.BoolStorage': 'bool',
};

/** All that a state dictionary needs to name. */
export const torchGlobals: ReadonlySet<string> = new Set([
  ...['collections.OrderedDict', 'torch.Size'],
  ...['torch._utils._rebuild_tensor_v2', 'torch._utils._rebuild_parameter'],
  ...Object.keys(storages),
]);

/** A part of a file that tensors look into. */
export interface TorchStorage {
  readonly key: string;
  readonly type: Exclude<OnnxType, 'string'>;
  /** How many elements it has. */
  readonly length: number;
}

export interface TorchTensor {
  readonly name: string;
  readonly storage: TorchStorage;
  /** The first element, counted in elements; `strides` likewise. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export interface TorchState {
  readonly tensors: readonly TorchTensor[];
  /** Where in the file it is: '' for the file itself, or the key of a dictionary, `state_dict`. */
  readonly where: string;
  /** What the file says besides, such as the epoch. */
  readonly facts: Readonly<Record<string, number | string>>;
}

/**
 * The dictionary with the most tensors in what was read: the file's own, or one in it. Errors: `weights/no-tensors`,
 * `weights/damaged` for tensors that reach outside of their storage, `weights/unsupported`.
 */
export function findState(value: PickleValue, file: string): TorchState {
  const found: Pick<TorchState, 'tensors' | 'where'>[] = [];
  const seen = new Set<PickleValue>(); // what is shared is looked at once
  const look = (inside: PickleValue, where: string, levels: number): void => {
    if (typeof inside !== 'object' || seen.has(inside)) return;
    seen.add(inside);
    const entries = [...entriesOf(inside)];
    const tensors = entries.flatMap(([name, item]) => tensorOf(name, item, file) ?? []);
    if (tensors.length > 0) found.push({ tensors, where });
    if (levels === 0) return;
    for (const [name, item] of entries) look(item, where === '' ? name : `${where}.${name}`, levels - 1);
  };
  look(value, '', 2); // deeper ones are states of optimizers
  const [best] = found.sort((a, b) => b.tensors.length - a.tensors.length);
  if (best === undefined) throw error('weights/no-tensors', { file, detail: described(value) });
  return { ...best, facts: factsOf(value) };
}

/** Every storage that anything in what was read looks into, by key. */
export function storagesIn(value: PickleValue): ReadonlyMap<string, TorchStorage> {
  const found = new Map<string, TorchStorage>();
  const seen = new Set<PickleValue>();
  const left: PickleValue[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== 'object' || next === null || next instanceof Uint8Array || seen.has(next)) continue;
    seen.add(next);
    const storage = storageOf(next)?.storage;
    if (storage !== undefined) found.set(storage.key, storage);
    if (next.kind === 'list' || next.kind === 'tuple') for (const item of next.items) left.push(item);
    if (next.kind === 'call') for (const item of next.arguments) left.push(item);
    if (next.kind === 'call' || next.kind === 'dict') for (const [, item] of next.entries) left.push(item);
  }
  return found;
}

/** Text of either Python. */
export function textOf(value: PickleValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length <= 256 ? utf8Text(value) : null;
}

/** What a dictionary has by name; nothing where it is none. */
export function entriesOf(value: PickleValue): ReadonlyMap<string, PickleValue> {
  const call = ofKind(value, 'call');
  const ordered = call?.name === 'collections.OrderedDict' ? call : null;
  const named = new Map<string, PickleValue>();
  // Python 2 gave the entries to the function
  const given = ofKind(ordered?.arguments[0], 'list')?.items ?? [];
  const pairs = given.map((pair) => (ofKind(pair, 'list') ?? ofKind(pair, 'tuple'))?.items ?? []);
  const entries = ofKind(value, 'dict')?.entries ?? ordered?.entries ?? [];
  for (const [key, item] of [...pairs, ...entries]) {
    const name = textOf(key);
    if (name !== null && item !== undefined) named.set(name, item);
  }
  return named;
}

function factsOf(value: PickleValue): Record<string, number | string> {
  const facts: Record<string, number | string> = {};
  for (const [name, item] of entriesOf(value)) {
    const text = typeof item === 'number' ? item : textOf(item);
    if (text !== null && Object.keys(facts).length < 20 && String(text).length < 200) facts[name] = text;
  }
  return facts;
}

function tensorOf(name: string, value: PickleValue, file: string): TorchTensor | null {
  const call = ofKind(value, 'call');
  if (call === null) return null;
  const [stored, start, sizes, steps] = call.arguments;
  if (call.name === 'torch._utils._rebuild_parameter')
    return stored === undefined ? null : tensorOf(name, stored, file);
  if (call.name !== 'torch._utils._rebuild_tensor_v2') return null;
  const damaged = (detail: string): Error =>
    error('weights/damaged', { file, detail: `the tensor ${shortName(name)} ${detail}` });
  const part = storageOf(stored);
  const shape = wholeNumbers(sizes);
  const strides = wholeNumbers(steps);
  if (part === null || shape === null || strides === null || shape.length !== strides.length)
    throw damaged('is not described as PyTorch does');
  if (!isWhole(start)) throw damaged('does not say where it begins');
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * (strides[axis] ?? 0), start);
  if (!shape.includes(0) && !(last < part.count))
    throw damaged(`ends at element ${last} of a storage of ${part.count}`);
  return { name, storage: part.storage, offset: part.from + start, shape, strides };
}

/** A storage, and the part of it that a tensor may look into. */
interface StoragePart {
  readonly storage: TorchStorage;
  readonly from: number;
  readonly count: number;
}

/** ('storage', its type, key, device, length); in files of before 2018 also a view into it (its key, from, count). */
function storageOf(value: PickleValue | undefined): StoragePart | null {
  const id = ofKind(ofKind(value, 'persistent')?.id, 'tuple')?.items ?? [];
  const [what, kind, name, , length, view] = id;
  const type = storages[ofKind(kind, 'global')?.name ?? ''];
  const key = textOf(name);
  if (textOf(what) !== 'storage' || type === undefined || key === null || !isWhole(length)) return null;
  const storage = { key, type, length };
  const part = ofKind(view, 'tuple');
  if (part === null) return { storage, from: 0, count: length };
  const [, from, count] = part.items;
  if (!isWhole(from) || !isWhole(count) || from + count > length) return null;
  return { storage, from, count };
}

function isWhole(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A shape or its strides. */
function wholeNumbers(value: PickleValue | undefined): readonly number[] | null {
  const size = ofKind(value, 'call');
  const list = size?.name === 'torch.Size' ? size.arguments[0] : value;
  const items: readonly PickleValue[] | undefined = (ofKind(list, 'tuple') ?? ofKind(list, 'list'))?.items;
  if (items === undefined || items.length > 8) return null;
  const numbers = items.filter(isWhole);
  return numbers.length === items.length ? numbers : null;
}

/** What there is instead of tensors, in words. */
function described(value: PickleValue): string {
  const names = [...entriesOf(value).keys()];
  if (names.length > 0) return `it has ${names.slice(0, 8).map(shortName).join(', ')}`;
  const call = ofKind(value, 'call');
  return call === null ? 'it is no dictionary' : `it is one ${call.name}`;
}

/** A name as messages can show it. */
export function shortName(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '?');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
