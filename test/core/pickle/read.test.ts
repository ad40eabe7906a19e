import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { readPickle } from '../../../src/core/pickle/read.ts';
import type { PickleValue } from '../../../src/core/pickle/values.ts';
import { ofKind } from '../../../src/core/pickle/values.ts';
import { writePickle } from '../../../src/core/pickle/write.ts';

const globals = new Set(['collections.OrderedDict', 'torch.FloatStorage']);
const options = { file: 'x.pth', globals };
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const read = (text: string | Uint8Array, more = {}): PickleValue =>
  readPickle(typeof text === 'string' ? bytesOf(text) : text, { ...options, ...more }).value;

/** Plain data, as Python would show it. */
function plain(value: PickleValue): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value.kind === 'list' || value.kind === 'tuple') return value.items.map(plain);
  if (value.kind === 'dict') return new Map(value.entries.map(([k, v]) => [plain(k), plain(v)]));
  if (value.kind === 'call')
    return { [value.name]: value.arguments.map(plain), with: value.entries.map(([k, v]) => [k, plain(v)]) };
  if (value.kind === 'span') return value;
  return value.kind === 'global' ? value.name : { persistent: plain(value.id) };
}

/** The code and values of the error that reading gives. */
function refusal(text: string | Uint8Array, more = {}): LineamentError {
  try {
    read(text, more);
  } catch (thrown) {
    if (thrown instanceof LineamentError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const python = spawnSync('python3', ['-c', '']).status === 0;

describe('a pickle', () => {
  it('gives the data that is written in it', () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['\x80\x02N.', null],
      ['\x80\x02(\x88\x89K\xffM\xff\xffJ\xff\xff\xff\xfft.', [true, false, 255, 65535, -1]],
      ['\x80\x02\x8a\x02\x00\x80.', -32768],
      ['\x80\x02\x8a\x00.', 0],
      ['\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 119547037146038801333356n],
      ['\x80\x02G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
      ['\x80\x02X\x03\x00\x00\x00\xc3\xa9a.', 'éa'],
      ['\x80\x02U\x02\xc3\xa9.', bytesOf('\xc3\xa9')],
      ['\x80\x02]q\x00(K\x01K\x02e.', [1, 2]],
      [
        '\x80\x02}(K\x01K\x02K\x03]u.',
        new Map<unknown, unknown>([
          [1, 2],
          [3, []],
        ]),
      ],
      ['\x80\x02K\x01K\x02K\x03\x87h', 'cut'],
      [
        '\x80\x02ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00aK\x01u}b.',
        { 'collections.OrderedDict': [], with: [['a', 1]] },
      ],
      ['\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94h\x00\x86.', ['a', 'a']],
      ['\x80\x02K\x05\x85Q.', { persistent: [5] }],
    ];
    for (const [text, value] of cases) {
      if (value === 'cut') expect(refusal(text).code).toBe('pickle/damaged');
      else expect(plain(read(text)), JSON.stringify(text)).toEqual(value);
    }
  });

  it('begins and ends where it says', () => {
    const two = bytesOf('__\x80\x02K\x01.\x80\x02K\x02.');
    const first = readPickle(two, options, 2);
    expect(first).toEqual({ value: 1, end: 7 });
    expect(readPickle(two, options, first.end)).toEqual({ value: 2, end: 12 });
  });

  it('keeps what something was told to build itself of apart from it', () => {
    const call = ofKind(read('\x80\x02ccollections\nOrderedDict\n)R}X\x01\x00\x00\x00aK\x01sb.'), 'call');
    expect(call).toMatchObject({ attributes: true, entries: [], state: { kind: 'dict' } });
  });

  it('gives the places of what is long, and reads no more of it', () => {
    const text = '\x80\x03](C\x04abcdB\x05\x00\x00\x00efghiX\x04\x00\x00\x00\xc3\xa9jkC\x03lmne.';
    const places = [
      { kind: 'span', offset: 6, length: 4, isText: false },
      { kind: 'span', offset: 15, length: 5, isText: false },
      { kind: 'span', offset: 25, length: 4, isText: true },
      bytesOf('lmn'),
    ];
    expect(plain(read(text, { spanBytes: 4 }))).toEqual(places);
    const whole = bytesOf(text);
    const asked: number[] = [];
    const source = {
      length: whole.length,
      read: (offset: number, count: number) => {
        asked.push(offset);
        return whole.subarray(offset, offset + count);
      },
    };
    expect(plain(readPickle(source, { ...options, spanBytes: 4 }).value)).toEqual(places);
    expect(asked.filter((offset) => offset >= 15 && offset < 20)).toEqual([]);
    expect(plain(readPickle(source, options).value)).toEqual(plain(read(text)));
  });

  it.skipIf(!python)('of Python’s own, of every protocol that is read, is understood', () => {
    const script = `
import pickle, sys, collections
o = collections.OrderedDict([('é', 1), ('b', [1.5, -3, None, True, 2**40, 2**70, -2**33, ()])])
big = [[b'\\xff\\xd8' * 300, b'', b'abc'], [i % 2 == 0 for i in range(2500)], o, o, ('a', 'b', 'c', 'd')]
sys.stdout.buffer.write(pickle.dumps(big, int(sys.argv[1])))`;
    for (const protocol of ['3', '4', '5']) {
      const { stdout } = spawnSync('python3', ['-c', script, protocol]);
      const [pictures, flags, first, second, tuple] = plain(read(stdout)) as unknown[];
      expect(pictures).toEqual([
        Buffer.alloc(600, '\xff\xd8', 'latin1'),
        Buffer.alloc(0),
        Buffer.from('abc'),
      ]);
      expect(flags).toHaveLength(2500);
      expect((flags as boolean[])[3]).toBe(false);
      const o = {
        'collections.OrderedDict': [],
        with: [
          ['é', 1],
          ['b', [1.5, -3, null, true, 2 ** 40, 2n ** 70n, -(2 ** 33), []]],
        ],
      };
      expect([first, second, tuple]).toEqual([o, o, ['a', 'b', 'c', 'd']]);
    }
  });

  it.skipIf(!python)('that is written here is what Python reads', () => {
    const value = writePickle([
      ...[null, true, false, 0, 255, 256, -1, 2 ** 31, -(2 ** 40), 'é', [], ['x']],
      { dict: [['a', 1]] },
      { dict: [['b', [2]]], ordered: true },
    ]);
    const { stdout } = spawnSync(
      'python3',
      ['-c', 'import pickle, sys; print(pickle.load(sys.stdin.buffer))'],
      {
        input: value,
        env: { ...process.env, PYTHONIOENCODING: 'utf8' },
      },
    );
    expect(stdout.toString().trim()).toBe(
      "(None, True, False, 0, 255, 256, -1, 2147483648, -1099511627776, 'é', (), ('x',), {'a': 1}, OrderedDict([('b', (2,))]))",
    );
    expect(plain(read(value))).toHaveLength(14);
  });
});

describe('a hostile pickle', () => {
  it('is refused by the name of what it asks for, and where', () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ['\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.', 'the function or class os.system', 2],
      ['\x80\x02cbuiltins\neval\nX\x01\x00\x00\x001\x85R.', 'the function or class builtins.eval', 2],
      ['\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93.', 'the function or class posix.system', 19],
      ['\x80\x02ccollections\nOrderedDict.x\n.', 'the function or class collections.OrderedDict.x', 2],
      ['\x80\x02(X\x01\x00\x00\x00aios\nsystem\n.', 'the opcode INST', 9],
      ['\x80\x02(o.', 'the opcode OBJ', 3],
      ['\x80\x02ctorch\nFloatStorage\n)\x81.', 'the opcode NEWOBJ', 23],
      ['\x80\x02\x82\x01.', 'the opcode EXT1', 2],
      ['\x80\x02Pname\n.', 'the opcode PERSID', 2],
      ['\x80\x02N2.', 'the opcode DUP', 3],
      ['\x80\x01N.', 'protocol 1', 0],
    ];
    for (const [text, what, offset] of cases)
      expect(refusal(text), JSON.stringify(text)).toMatchObject({
        code: 'pickle/refused',
        values: { file: 'x.pth', what, offset },
      });
    const long = refusal(`\x80\x02c${'a'.repeat(5000)}\x1b\nb\n.`);
    expect(long.message.length).toBeLessThan(300);
  });

  it('is stopped at the limits, before it takes memory', () => {
    const cases: readonly (readonly [string, string])[] = [
      [`\x80\x02${']'.repeat(100)}${'a'.repeat(99)}.`, 'containers inside one another'],
      [`\x80\x02)${'\x85'.repeat(100)}.`, 'containers inside one another'],
      [`\x80\x02K\x01${'\x85Q'.repeat(100)}.`, 'containers inside one another'],
      [`\x80\x02${'('.repeat(100)}.`, 'open marks'],
      [`\x80\x02X\x00\x00\x00\x70a.`, 'bytes of text'],
      // pairs of the pair before: walked as a tree it would have 2^40 leaves
      [`\x80\x02)${'q\x00h\x00\x86'.repeat(40)}.`, 'containers inside one another'],
    ];
    for (const [text, what] of cases)
      expect(refusal(text), what).toMatchObject({ code: 'pickle/beyond-limit', values: { what } });
    const many = refusal(`\x80\x02(${'N'.repeat(2000)}t.`, { limits: { values: 1000 } });
    expect(many).toMatchObject({ code: 'pickle/beyond-limit', values: { what: 'values', offset: 1003 } });
  });

  it('is damaged where its bytes make no sense', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['', '1 bytes are needed and 0 are left'],
      ['\x80\x02C\xffab.', '255 bytes are needed and 3 are left'],
      ['\x80\x02B\xff\xff\xff\xffab.', '4294967295 bytes are needed and 3 are left'],
      ['\x80\x02.', 'a value is missing'],
      ['\x80\x02NN.', 'more than one value'],
      ['\x80\x02N(.', 'a value is missing'],
      ['\x80\x02Nt.', 'a mark is missing'],
      ['\x80\x02K\x01(\x85.', 'a value is missing'],
      ['\x80\x02NNa.', 'no list'],
      ['\x80\x02N(NNu.', 'no dictionary'],
      ['\x80\x02}(Nu.', 'a key has no value'],
      ['\x80\x02NNb.', 'attributes'],
      ['\x80\x02h\x05.', 'nothing is memorised as 5'],
      ['\x80\x02Nq\x00q\x01.', 'more is memorised than there is'],
      ['\x80\x02Nr\xff\xff\xff\xffr\x00\x00\x00\x00.', 'more is memorised than there is'],
      ['\x80\x02N)R.', 'a call needs a function'],
      ['\x80\x02ccollections\nOrderedDict\nNR.', 'its arguments'],
      ['\x80\x02NN\x93.', 'a name is no text'],
      ['\x80\x02ccollections', 'a line does not end'],
      ['\x80\x02\xff.', 'no opcode 255'],
    ];
    for (const [text, detail] of cases) {
      const thrown = refusal(text);
      expect(thrown.code, JSON.stringify(text)).toBe('pickle/damaged');
      expect(thrown.values['detail'], JSON.stringify(text)).toContain(detail);
    }
  });

  it('never does anything but be read or refused, however it was changed', () => {
    const random = seededRandom(7);
    const storage = {
      persistent: ['storage', { global: ['torch', 'FloatStorage'] }, '0', 'cpu', 9],
    } as const;
    const seeds = [
      writePickle({
        dict: [
          ['a.weight', [storage, 0, [3, 3], [3, 1]]],
          ['b', [1, -5, 2 ** 40]],
        ],
        ordered: true,
      }),
      bytesOf(
        '\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00]\x94(C\x03abcC\x02\x00\x01\x94h\x01\x88\x89NG\x3f\xf8\x00\x00\x00\x00\x00\x00e}(K\x01)u\x86.',
      ),
    ];
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 100_000; i++) {
      const seed = seeds[i % seeds.length] ?? new Uint8Array();
      const bytes = seed.slice(0, random.int(20) === 0 ? random.int(seed.length) : seed.length);
      for (let n = 1 + random.int(4); n > 0; n--) bytes[random.int(bytes.length)] = random.int(256);
      let outcome = 'read';
      try {
        readPickle(bytes, options);
      } catch (thrown) {
        if (!(thrown instanceof LineamentError)) throw thrown;
        outcome = thrown.code;
        if (!(Number(thrown.values['offset']) <= bytes.length)) throw thrown;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual([
      'pickle/beyond-limit',
      'pickle/damaged',
      'pickle/refused',
      'read',
    ]);
  });
});
