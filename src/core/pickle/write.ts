import { assert } from '../base/assert.ts';
import { utf8Bytes } from '../onnx/utf8.ts';
import { op } from './opcodes.ts';

/** What can be pickled: what `torch.load` needs for weights, and no more. */
export type Picklable =
  | null
  | boolean
  /** Whole, and below 2^63. */
  | number
  | string
  | readonly Picklable[]
  /** `collections.OrderedDict` where ordered. */
  | { readonly dict: readonly (readonly [string, Picklable])[]; readonly ordered?: boolean }
  | { readonly global: readonly [module: string, name: string] }
  | { readonly call: Picklable; readonly arguments: readonly Picklable[] }
  | { readonly persistent: Picklable };

/** A pickle of protocol 2, which every Python from 2.3 on reads. Arrays become tuples. Nothing is memorised. */
export function writePickle(value: Picklable): Uint8Array {
  const bytes: number[] = [op.proto, 2];
  write(value, bytes);
  bytes.push(op.stop);
  return Uint8Array.from(bytes);
}

function write(value: Picklable, out: number[]): void {
  if (value === null) out.push(op.none);
  else if (value === true || value === false) out.push(value ? op.true : op.false);
  else if (typeof value === 'number') writeInteger(value, out);
  else if (typeof value === 'string') {
    const bytes = utf8Bytes(value);
    out.push(op.text4, ...littleEndian(bytes.length, 4), ...bytes);
  } else if (isTuple(value)) writeTuple(value, out);
  else if ('dict' in value) {
    if (value.ordered) write({ call: { global: ['collections', 'OrderedDict'] }, arguments: [] }, out);
    else out.push(op.emptyDict);
    out.push(op.mark);
    for (const [key, item] of value.dict) {
      write(key, out);
      write(item, out);
    }
    out.push(op.setItems);
  } else if ('global' in value) {
    out.push(op.global, ...utf8Bytes(`${value.global.join('\n')}\n`));
  } else if ('call' in value) {
    write(value.call, out);
    writeTuple(value.arguments, out);
    out.push(op.reduce);
  } else {
    write(value.persistent, out);
    out.push(op.persistent);
  }
}

const isTuple = (value: Picklable): value is readonly Picklable[] => Array.isArray(value);

function writeTuple(items: readonly Picklable[], out: number[]): void {
  if (items.length === 0) {
    out.push(op.emptyTuple);
    return;
  }
  out.push(op.mark);
  for (const item of items) write(item, out);
  out.push(op.tuple);
}

function writeInteger(value: number, out: number[]): void {
  assert(Number.isSafeInteger(value), `${value} is no whole number`);
  if (value >= 0 && value < 256) out.push(op.int1, value);
  else if (value >= -(2 ** 31) && value < 2 ** 31) out.push(op.int4, ...littleEndian(value, 4));
  else out.push(op.long1, 8, ...littleEndian(value, 8));
}

function littleEndian(value: number, count: number): number[] {
  let rest = BigInt.asUintN(8 * count, BigInt(value));
  return Array.from({ length: count }, () => {
    const byte = Number(rest & 255n);
    rest >>= 8n;
    return byte;
  });
}
