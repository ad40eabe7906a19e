/**
 * The opcodes that are understood (Python's pickletools, protocols 2 to 5): what the picklers of Python 2 and 3 write for
 * numbers, text, bytes, lists, tuples and dictionaries, for calls of functions and for references to what lies outside.
 */
export const op = {
  proto: 0x80,
  frame: 0x95,
  stop: 0x2e, // .
  mark: 0x28, // (
  none: 0x4e, // N
  true: 0x88,
  false: 0x89,
  int1: 0x4b, // K
  int2: 0x4d, // M
  int4: 0x4a, // J
  long1: 0x8a,
  float: 0x47, // G
  text1: 0x8c,
  text4: 0x58, // X
  oldText1: 0x55, // U
  oldText4: 0x54, // T
  bytes1: 0x43, // C
  bytes4: 0x42, // B
  bytes8: 0x8e,
  byteArray8: 0x96,
  emptyTuple: 0x29, // )
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  tuple: 0x74, // t
  emptyList: 0x5d, // ]
  append: 0x61, // a
  appends: 0x65, // e
  emptyDict: 0x7d, // }
  setItem: 0x73, // s
  setItems: 0x75, // u
  put1: 0x71, // q
  put4: 0x72, // r
  memoize: 0x94,
  get1: 0x68, // h
  get4: 0x6a, // j
  global: 0x63, // c
  stackGlobal: 0x93,
  reduce: 0x52, // R
  build: 0x62, // b
  persistent: 0x51, // Q
} as const;

/** Opcodes that are refused, by pickletools' names, so that a refusal can say what was asked for. */
const refused: Readonly<Record<number, string>> = {
  48: 'POP',
  49: 'POP_MARK',
  50: 'DUP',
  70: 'FLOAT',
  73: 'INT',
  76: 'LONG',
  80: 'PERSID',
  83: 'STRING',
  86: 'UNICODE',
  100: 'DICT',
  103: 'GET',
  105: 'INST',
  108: 'LIST',
  111: 'OBJ',
  112: 'PUT',
  129: 'NEWOBJ',
  130: 'EXT1',
  131: 'EXT2',
  132: 'EXT4',
  139: 'LONG4',
  141: 'BINUNICODE8',
  143: 'EMPTY_SET',
  144: 'ADDITEMS',
  145: 'FROZENSET',
  146: 'NEWOBJ_EX',
  151: 'NEXT_BUFFER',
  152: 'READONLY_BUFFER',
};

/** Its name; null where there is no such opcode. */
export function nameOfRefused(code: number): string | null {
  return refused[code] ?? null;
}
