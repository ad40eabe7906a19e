import { error } from '../base/errors.ts';
import { arrayOver, bytesOfType, typeOfCode } from './element-types.ts';
import type { OnnxTensor, OnnxType } from './types.ts';
import {
  bytesWire,
  type Cursor,
  expectWire,
  fixed32Wire,
  fixed64Wire,
  malformed,
  readBytes,
  readDouble,
  readField,
  readFloat,
  readNumber,
  readRepeated,
  readString,
  readVarint,
  skipField,
  varintWire,
} from './wire.ts';

/** The values of a TensorProto as they came: raw bytes, or one of the typed lists. */
interface Parts {
  raw: Uint8Array | null;
  readonly floats: number[];
  readonly ints: number[];
  readonly longs: bigint[];
  readonly doubles: number[];
  readonly strings: string[];
}

/** Reads a TensorProto; its data is copied, so that it is aligned and lets go of the file's bytes. */
export function readTensor(cursor: Cursor): OnnxTensor {
  const start = cursor.at;
  const dims: number[] = [];
  const parts: Parts = { raw: null, floats: [], ints: [], longs: [], doubles: [], strings: [] };
  let code = 0;
  let name = '';
  for (let field = readField(cursor); field !== null; field = readField(cursor)) {
    if (field.number === 1) readRepeated(cursor, field, varintWire, readNumber, dims);
    else if (field.number === 2) {
      expectWire(field, varintWire);
      code = readNumber(cursor);
    } else if (field.number === 4) readRepeated(cursor, field, fixed32Wire, readFloat, parts.floats);
    else if (field.number === 5) readRepeated(cursor, field, varintWire, readNumber, parts.ints);
    else if (field.number === 6) {
      expectWire(field, bytesWire);
      parts.strings.push(readString(cursor));
    } else if (field.number === 7 || field.number === 11) {
      readRepeated(cursor, field, varintWire, readVarint, parts.longs);
    } else if (field.number === 8) {
      expectWire(field, bytesWire);
      name = readString(cursor);
    } else if (field.number === 9) {
      expectWire(field, bytesWire);
      parts.raw = readBytes(cursor);
    } else if (field.number === 10) readRepeated(cursor, field, fixed64Wire, readDouble, parts.doubles);
    else if (field.number === 13 || field.number === 14) {
      skipField(cursor, field);
      if (field.number === 13) throw error('onnx/unsupported', { what: `weights in another file (${name})` });
    } else skipField(cursor, field);
  }
  const type = typeOfCode(code);
  if (type === null) throw error('onnx/unsupported', { what: `elements of type ${code} (${name})` });
  return tensorOf(name, type, dims, parts, start);
}

function tensorOf(
  name: string,
  type: OnnxType,
  dims: readonly number[],
  parts: Parts,
  offset: number,
): OnnxTensor {
  const count = dims.reduce((product, side) => product * side, 1);
  if (!dims.every((side) => side >= 0) || !Number.isSafeInteger(count)) {
    throw malformed(offset, `tensor ${name} has the shape [${dims}]`);
  }
  const expect = (found: number): void => {
    if (found !== count) {
      throw malformed(offset, `tensor ${name} [${dims}] has ${found} elements instead of ${count}`);
    }
  };
  if (type === 'string') {
    expect(parts.strings.length);
    return { name, type, dims, data: parts.strings };
  }
  // Checked before anything is allocated: a claimed shape alone never costs memory.
  if (parts.raw !== null) expect(parts.raw.length / bytesOfType(type));
  else expect(listOf(type, parts).length);
  const buffer = new ArrayBuffer(count * bytesOfType(type));
  if (parts.raw !== null) new Uint8Array(buffer).set(parts.raw);
  else fill(type, buffer, parts);
  return { name, type, dims, data: arrayOver[type](buffer) } as OnnxTensor;
}

/** Which list holds a type's values when there are no raw bytes (onnx.proto, TensorProto). */
function listOf(type: OnnxType, parts: Parts): readonly (number | bigint)[] {
  if (type === 'float32') return parts.floats;
  if (type === 'float64') return parts.doubles;
  if (type === 'int64' || type === 'uint64' || type === 'uint32') return parts.longs;
  return parts.ints;
}

function fill(type: Exclude<OnnxType, 'string'>, buffer: ArrayBuffer, parts: Parts): void {
  const list = listOf(type, parts);
  const array = arrayOver[type](buffer);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    list.forEach((value, i) => {
      array[i] = BigInt(value);
    });
    return;
  }
  list.forEach((value, i) => {
    array[i] = Number(value);
  });
}
