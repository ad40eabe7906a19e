import { error } from '../base/errors.ts';
import { utf8Text } from '../onnx/utf8.ts';
import { openMachine, type PickleLimits } from './machine.ts';
import { nameOfRefused, op } from './opcodes.ts';
import type { PickleValue } from './values.ts';

/** A pickle that is too long to be held: its bytes are read as they are needed, mostly one after the other. */
export interface PickleSource {
  /** Bytes in all. */
  readonly length: number;
  /** As many bytes from there, which are all within the length; they need not outlive the next call. */
  read(offset: number, count: number): Uint8Array;
}

export interface PickleOptions {
  /** What it is called in errors: a path. */
  readonly file: string;
  /** The classes and functions that may be named: `collections.OrderedDict`. They are not called. */
  readonly globals: ReadonlySet<string>;
  readonly limits?: Partial<PickleLimits>;
  /** Bytes and texts at least this long are given as their places (`PickleSpan`), and not read; never, where it is not stated. */
  readonly spanBytes?: number;
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
export function readPickle(input: Uint8Array | PickleSource, options: PickleOptions, start = 0): ReadPickle {
  const limits = { ...usualLimits, ...options.limits };
  const { file, globals, spanBytes = Number.POSITIVE_INFINITY } = options;
  const held = input instanceof Uint8Array;
  const source: PickleSource = held ? heldSource(input) : input;
  let at = start;
  /** Where the opcode is that is carried out. */
  let offset = start;

  const damaged = (detail: string): Error => error('pickle/damaged', { file, offset, detail });
  const refuse = (what: string): Error => error('pickle/refused', { file, offset, what });
  const beyond = (what: string, limit: number): Error =>
    error('pickle/beyond-limit', { file, offset, what, limit });
  const machine = openMachine(limits, { damaged, beyond });

  /** Claims `count` bytes and gives the offset where they begin. */
  const take = (count: number): number => {
    const left = source.length - at;
    if (count > left) throw damaged(`${count} bytes are needed and ${left} are left`);
    at += count;
    return at - count;
  };
  const read = (count: number): Uint8Array => source.read(take(count), count);
  const view = (count: number): DataView => {
    const bytes = read(count);
    return new DataView(bytes.buffer, bytes.byteOffset, count);
  };
  const byte = (): number => (held ? input[take(1)] : read(1)[0]) ?? 0;
  const size = (): number => view(4).getUint32(0, true);
  /** No file is longer than 2^53 bytes, so that rounding does no harm. */
  const longSize = (): number => Number(view(8).getBigUint64(0, true));
  /** What lasts: a view of what is held, a copy of what is not. */
  const part = (count: number): Uint8Array => (held ? read(count) : read(count).slice());
  const span = (count: number, isText: boolean): PickleValue => ({
    kind: 'span',
    offset: take(count),
    length: count,
    isText,
  });
  const binary = (count: number): PickleValue => (count >= spanBytes ? span(count, false) : part(count));
  const text = (count: number): string => {
    if (count > limits.textBytes) throw beyond('bytes of text', limits.textBytes);
    return utf8Text(read(count));
  };
  const string = (count: number): PickleValue => (count >= spanBytes ? span(count, true) : text(count));
  const line = (): string => {
    const found: number[] = [];
    for (let code = byte(); code !== 0x0a; code = byte()) {
      found.push(code);
      if (found.length > limits.textBytes || at >= source.length) throw damaged('a line does not end');
    }
    return utf8Text(Uint8Array.from(found));
  };
  const global = (module: PickleValue, name: PickleValue): void => {
    if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name is no text');
    const whole = `${module}.${name}`;
    if (!globals.has(whole)) throw refuse(`the function or class ${shown(whole)}`);
    machine.push({ kind: 'global', name: whole });
  };

  for (;;) {
    offset = at;
    const code = byte();
    switch (code) {
      case op.proto: {
        const protocol = byte();
        if (protocol < 2 || protocol > 5) throw refuse(`protocol ${protocol}`);
        break;
      }
      case op.frame:
        take(8); // how many bytes to fetch at once: they are here
        break;
      case op.stop:
        return { value: machine.finish(), end: at };
      case op.mark:
        machine.mark();
        break;
      case op.none:
        machine.push(null);
        break;
      case op.true:
        machine.push(true);
        break;
      case op.false:
        machine.push(false);
        break;
      case op.int1:
        machine.push(byte());
        break;
      case op.int2:
        machine.push(view(2).getUint16(0, true));
        break;
      case op.int4:
        machine.push(view(4).getInt32(0, true));
        break;
      case op.long1:
        machine.push(integer(read(byte())));
        break;
      case op.float:
        machine.push(view(8).getFloat64(0, false));
        break;
      case op.text1:
        machine.push(string(byte()));
        break;
      case op.text4:
        machine.push(string(size()));
        break;
      case op.oldText1:
      case op.bytes1:
        machine.push(binary(byte()));
        break;
      case op.oldText4:
      case op.bytes4:
        machine.push(binary(size()));
        break;
      case op.bytes8:
      case op.byteArray8:
        machine.push(binary(longSize()));
        break;
      case op.emptyTuple:
        machine.tuple([]);
        break;
      case op.tuple1:
        machine.tuple(machine.popped(1));
        break;
      case op.tuple2:
        machine.tuple(machine.popped(2));
        break;
      case op.tuple3:
        machine.tuple(machine.popped(3));
        break;
      case op.tuple:
        machine.tuple(machine.popMark());
        break;
      case op.emptyList:
        machine.push({ kind: 'list', items: [], depth: 1 });
        break;
      case op.append:
        machine.append(machine.popped(1));
        break;
      case op.appends:
        machine.append(machine.popMark());
        break;
      case op.emptyDict:
        machine.push({ kind: 'dict', entries: [], depth: 1 });
        break;
      case op.setItem:
        machine.setItems(machine.popped(2));
        break;
      case op.setItems:
        machine.setItems(machine.popMark());
        break;
      case op.put1:
        machine.put(byte());
        break;
      case op.put4:
        machine.put(size());
        break;
      case op.memoize:
        machine.put(null);
        break;
      case op.get1:
        machine.get(byte());
        break;
      case op.get4:
        machine.get(size());
        break;
      case op.global:
        global(line(), line());
        break;
      case op.stackGlobal: {
        const [module = null, name = null] = machine.popped(2);
        global(module, name);
        break;
      }
      case op.reduce:
        machine.reduce();
        break;
      case op.build:
        machine.build();
        break;
      case op.persistent:
        machine.persistent();
        break;
      default: {
        const name = nameOfRefused(code);
        throw name === null ? damaged(`there is no opcode ${code}`) : refuse(`the opcode ${name}`);
      }
    }
  }
}

function heldSource(bytes: Uint8Array): PickleSource {
  return { length: bytes.length, read: (offset, count) => bytes.subarray(offset, offset + count) };
}

/** Two's complement, the lowest byte first; a number wherever that is exact. */
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
