import { error } from '../base/errors.ts';
import { utf8Text } from '../onnx/utf8.ts';
import { nameOfRefused, op } from './opcodes.ts';
import { depthOf, type PickleContainer, type PickleValue } from './values.ts';

export interface PickleOptions {
  /** What it is called in errors: a path. */
  readonly file: string;
  /** The classes and functions that may be named: `collections.OrderedDict`. They are not called. */
  readonly globals: ReadonlySet<string>;
  readonly limits?: Partial<PickleLimits>;
}

/** All of them are far beyond what a file of weights or of pictures has. */
export interface PickleLimits {
  /** How deep containers may be nested. */
  readonly depth: number;
  /** How many values there may be; each takes up to a hundred bytes of memory. */
  readonly values: number;
  /** Bytes of a name or of a number. */
  readonly textBytes: number;
}

const usualLimits: PickleLimits = { depth: 32, values: 1_000_000, textBytes: 1 << 16 };

export interface ReadPickle {
  readonly value: PickleValue;
  /** The first byte behind it. */
  readonly end: number;
}

/**
 * Reads the pickle that begins at `start`, without executing anything: a few opcodes make plain data, calls of allowed
 * globals are recorded, all else is refused. Time and memory are at most proportional to the bytes.
 * Errors, all with the byte's offset: `pickle/damaged`, `pickle/refused`, `pickle/beyond-limit`.
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions, start = 0): ReadPickle {
  const limits = { ...usualLimits, ...options.limits };
  const { file, globals } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: PickleValue[] = [];
  /** Lengths of the stack where marks were set. */
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  let at = start;
  /** Where the opcode is that is carried out. */
  let offset = start;
  let values = 0;

  const damaged = (detail: string): Error => error('pickle/damaged', { file, offset, detail });
  const refuse = (what: string): Error => error('pickle/refused', { file, offset, what });
  const beyond = (what: string, limit: number): Error =>
    error('pickle/beyond-limit', { file, offset, what, limit });
  const take = (count: number): number => {
    if (count > bytes.length - at)
      throw damaged(`${count} bytes are needed and ${bytes.length - at} are left`);
    at += count;
    return at - count;
  };
  const byte = (): number => view.getUint8(take(1));
  const size = (): number => view.getUint32(take(4), true);
  const part = (count: number): Uint8Array => {
    const from = take(count);
    return bytes.subarray(from, from + count);
  };
  const text = (count: number): string => {
    if (count > limits.textBytes) throw beyond('bytes of text', limits.textBytes);
    return utf8Text(part(count));
  };
  const push = (value: PickleValue): void => {
    values++;
    if (values > limits.values) throw beyond('values', limits.values);
    stack.push(value);
  };
  const pop = (): PickleValue => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw damaged('a value is missing');
    return stack.pop() ?? null;
  };
  const top = (): PickleValue => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw damaged('a value is missing');
    return stack.at(-1) ?? null;
  };
  const popMark = (): PickleValue[] => {
    const mark = marks.pop();
    if (mark === undefined) throw damaged('a mark is missing');
    return stack.splice(mark);
  };
  /** One more than the deepest, and than it was before. */
  const deeper = (inside: readonly PickleValue[], before = 1): number => {
    let depth = before;
    for (const value of inside) depth = Math.max(depth, 1 + depthOf(value));
    if (depth > limits.depth) throw beyond('containers inside one another', limits.depth);
    return depth;
  };
  const tuple = (items: PickleValue[]): void => push({ kind: 'tuple', items, depth: deeper(items) });
  const popped = (count: number): PickleValue[] => {
    const items: PickleValue[] = [];
    for (let i = 0; i < count; i++) items.unshift(pop());
    return items;
  };
  const container = (kinds: readonly PickleContainer['kind'][]): PickleContainer => {
    const target = top();
    const kind = typeof target === 'object' && target && 'kind' in target ? target.kind : 'nothing';
    const fits = kinds.find((wanted) => wanted === kind);
    if (fits === undefined) throw damaged(`a ${kinds.join(' or ')} is needed and there is something else`);
    return target as PickleContainer;
  };
  const append = (items: readonly PickleValue[]): void => {
    const list = container(['list']);
    if (list.kind !== 'list') return;
    list.depth = deeper(items, list.depth);
    for (const item of items) list.items.push(item);
  };
  const setItems = (pairs: readonly PickleValue[]): void => {
    if (pairs.length % 2 !== 0) throw damaged('a key has no value');
    const dict = container(['dict', 'call']);
    if (dict.kind !== 'dict' && dict.kind !== 'call') return;
    dict.depth = deeper(pairs, dict.depth);
    for (let i = 0; i < pairs.length; i += 2) dict.entries.push([pairs[i] ?? null, pairs[i + 1] ?? null]);
  };
  const put = (index: number): void => {
    // as many as there are values, so that it needs no limit of its own
    if (!memo.has(index) && memo.size >= values) throw damaged('more is memorised than there is');
    memo.set(index, top());
  };
  const get = (index: number): void => {
    const value = memo.get(index);
    if (value === undefined) throw damaged(`nothing is memorised as ${index}`);
    push(value);
  };
  const global = (module: string, name: string): void => {
    const whole = `${module}.${name}`;
    if (!globals.has(whole)) throw refuse(`the function or class ${shown(whole)}`);
    push({ kind: 'global', name: whole });
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0 || end - at > limits.textBytes) throw damaged('a line does not end');
    const found = text(end - at);
    at = end + 1;
    return found;
  };
  const reduce = (): void => {
    const given = pop();
    const callee = pop();
    const isTuple = typeof given === 'object' && given && 'kind' in given && given.kind === 'tuple';
    if (!isTuple) throw damaged('what is called needs a tuple of arguments');
    const isGlobal = typeof callee === 'object' && callee && 'kind' in callee && callee.kind === 'global';
    if (!isGlobal) throw damaged('what is called is no function');
    const { items } = given;
    push({
      ...{ kind: 'call', name: callee.name, arguments: items, entries: [], attributes: false },
      depth: deeper(items),
    });
  };

  for (;;) {
    offset = at;
    const code = byte();
    switch (code) {
      case op.proto: {
        const protocol = byte();
        if (protocol < 2 || protocol > 5) throw damaged(`there is no protocol ${protocol} that is read`);
        break;
      }
      case op.frame:
        take(8); // how much may be read at once: all of it is here
        break;
      case op.stop: {
        const value = pop();
        if (stack.length > 0 || marks.length > 0) throw damaged('it ends with more than one value');
        return { value, end: at };
      }
      case op.mark:
        if (marks.length >= limits.depth) throw beyond('open marks', limits.depth);
        marks.push(stack.length);
        break;
      case op.none:
        push(null);
        break;
      case op.true:
        push(true);
        break;
      case op.false:
        push(false);
        break;
      case op.int1:
        push(byte());
        break;
      case op.int2:
        push(view.getUint16(take(2), true));
        break;
      case op.int4:
        push(view.getInt32(take(4), true));
        break;
      case op.long1:
        push(integer(part(byte())));
        break;
      case op.float:
        push(view.getFloat64(take(8), false));
        break;
      case op.text1:
        push(text(byte()));
        break;
      case op.text4:
        push(text(size()));
        break;
      case op.oldText1:
      case op.bytes1:
        push(part(byte()));
        break;
      case op.oldText4:
      case op.bytes4:
        push(part(size()));
        break;
      case op.emptyTuple:
        tuple([]);
        break;
      case op.tuple1:
        tuple(popped(1));
        break;
      case op.tuple2:
        tuple(popped(2));
        break;
      case op.tuple3:
        tuple(popped(3));
        break;
      case op.tuple:
        tuple(popMark());
        break;
      case op.emptyList:
        push({ kind: 'list', items: [], depth: 1 });
        break;
      case op.append:
        append(popped(1));
        break;
      case op.appends:
        append(popMark());
        break;
      case op.emptyDict:
        push({ kind: 'dict', entries: [], depth: 1 });
        break;
      case op.setItem:
        setItems(popped(2));
        break;
      case op.setItems:
        setItems(popMark());
        break;
      case op.put1:
        put(byte());
        break;
      case op.put4:
        put(size());
        break;
      case op.memoize:
        put(memo.size);
        break;
      case op.get1:
        get(byte());
        break;
      case op.get4:
        get(size());
        break;
      case op.global:
        global(line(), line());
        break;
      case op.stackGlobal: {
        const [module, name] = popped(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name is no text');
        global(module, name);
        break;
      }
      case op.reduce:
        reduce();
        break;
      case op.build: {
        pop();
        const target = container(['call']);
        if (target.kind === 'call') target.attributes = true;
        break;
      }
      case op.persistent: {
        const id = pop();
        push({ kind: 'persistent', id, depth: deeper([id]) });
        break;
      }
      default: {
        const name = nameOfRefused(code);
        if (name !== null) throw refuse(`the opcode ${name}`);
        throw damaged(`there is no opcode ${code}`);
      }
    }
  }
}

/** Two's complement, the lowest byte first; a number wherever it is exact. */
function integer(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  value = BigInt.asIntN(8 * bytes.length, value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A name as a message can show it. */
function shown(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '?');
  return plain.length > 100 ? `${plain.slice(0, 100)}…` : plain;
}
