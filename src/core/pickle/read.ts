import { error } from '../base/errors.ts';
import { utf8Text } from '../onnx/utf8.ts';
import { openMachine, type PickleLimits } from './machine.ts';
import { nameOfRefused, op } from './opcodes.ts';
import type { PickleValue } from './values.ts';

export interface PickleOptions {
  /** What it is called in errors: a path. */
  readonly file: string;
  /** The classes and functions that may be named: `collections.OrderedDict`. They are not called. */
  readonly globals: ReadonlySet<string>;
  readonly limits?: Partial<PickleLimits>;
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
    const left = bytes.length - at;
    if (count > left) throw damaged(`${count} bytes are needed and ${left} are left`);
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
  const line = (): string => {
    const end = bytes.subarray(at, at + limits.textBytes).indexOf(0x0a);
    if (end < 0) throw damaged('a line does not end');
    const found = text(end);
    at++;
    return found;
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
        machine.push(view.getUint16(take(2), true));
        break;
      case op.int4:
        machine.push(view.getInt32(take(4), true));
        break;
      case op.long1:
        machine.push(integer(part(byte())));
        break;
      case op.float:
        machine.push(view.getFloat64(take(8), false));
        break;
      case op.text1:
        machine.push(text(byte()));
        break;
      case op.text4:
        machine.push(text(size()));
        break;
      case op.oldText1:
      case op.bytes1:
        machine.push(part(byte()));
        break;
      case op.oldText4:
      case op.bytes4:
        machine.push(part(size()));
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
