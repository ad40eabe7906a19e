import { describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { readPickle } from '../../../src/core/pickle/read.ts';
import { type Picklable, writePickle } from '../../../src/core/pickle/write.ts';
import { halfNumber, tensorNumbers } from '../../../src/core/weights/tensor-numbers.ts';
import { torchPickle } from '../../../src/core/weights/torch-pickle.ts';
import {
  findState,
  storagesIn,
  type TorchState,
  torchGlobals,
} from '../../../src/core/weights/torch-state.ts';

const file = 'x.pth';
const read = (bytes: Uint8Array) => readPickle(bytes, { file, globals: torchGlobals }).value;
const stateOf = (value: Picklable): TorchState => findState(read(writePickle(value)), file);

const storage = (key: string, length: number, view: Picklable = null, type = 'FloatStorage'): Picklable => ({
  persistent: ['storage', { global: ['torch', type] }, key, 'cpu', length, view],
});
const tensor = (stored: Picklable, offset: Picklable, shape: Picklable, strides: Picklable): Picklable => ({
  call: { global: ['torch._utils', '_rebuild_tensor_v2'] },
  arguments: [stored, offset, shape, strides, false, null],
});
const square = tensor(storage('7', 9), 0, [3, 3], [3, 1]);

describe('a state dictionary', () => {
  it('is found where the most tensors are, with what is said beside it', () => {
    const state = stateOf({
      dict: [
        ['epoch', 3],
        ['ema', { dict: [['a', square]] }],
        [
          'net',
          {
            dict: [
              [
                'model',
                {
                  dict: [
                    ['a', square],
                    ['b', square],
                    ['note', 'x'],
                  ],
                  ordered: true,
                },
              ],
            ],
          },
        ],
        ['name', 'IR'],
      ],
    });
    expect(state.where).toBe('net.model');
    expect(state.tensors.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(state.facts).toEqual({ epoch: 3, name: 'IR' });
  });

  it('has tensors behind parameters, sizes and views of files of before 2018', () => {
    const sized: Picklable = { call: { global: ['torch', 'Size'] }, arguments: [[2, 2]] };
    const parameter: Picklable = {
      call: { global: ['torch._utils', '_rebuild_parameter'] },
      arguments: [tensor(storage('k', 10, ['v', 6, 4]), 0, sized, [2, 1]), true, null],
    };
    const { tensors } = stateOf({ dict: [['p', parameter]] });
    expect(tensors).toEqual([
      {
        ...{ name: 'p', offset: 6, shape: [2, 2], strides: [2, 1] },
        storage: { key: 'k', type: 'float32', length: 10 },
      },
    ]);
  });

  it('may be of Python 2, whose text is bytes and whose entries are arguments', () => {
    // OrderedDict([['a', tensor]]), as cPickle writes it: the list is marked, the name a short string
    const body = [...writePickle(square)].slice(2, -1);
    const text = (value: string): number[] => [...value].map((c) => c.charCodeAt(0));
    const bytes = Uint8Array.from([
      ...text('\x80\x02ccollections\nOrderedDict\n]]U\x01a'),
      ...[0x61, ...body, 0x61, 0x61, 0x85, 0x52, 0x2e], // APPEND, the tensor, APPEND, APPEND, TUPLE1, REDUCE, STOP
    ]);
    expect(findState(read(bytes), file).tensors).toMatchObject([{ name: 'a', shape: [3, 3] }]);
  });

  it('of nothing but other things is refused with what there is', () => {
    const cases: readonly (readonly [Picklable, string])[] = [
      [
        {
          dict: [
            ['lr', 1],
            ['x', [1, 2]],
          ],
        },
        'it has lr, x',
      ],
      [[1, 2], 'it is no dictionary'],
      [square, 'it is one torch._utils._rebuild_tensor_v2'],
    ];
    for (const [value, words] of cases) expect(() => stateOf(value), words).toThrow(words);
  });

  it('whose tensors reach outside of their storage is damaged, by the tensor’s name', () => {
    const wrong: readonly (readonly [Picklable, string])[] = [
      [tensor(storage('0', 9), 1, [3, 3], [3, 1]), 'ends at element 9 of a storage of 9'],
      [tensor(storage('0', 9), 0, [3, 3], [2 ** 40, 1]), 'of a storage of 9'],
      [tensor(storage('0', 10, ['v', 6, 4]), 1, [2, 2], [2, 1]), 'ends at element 4 of a storage of 4'],
      [tensor(storage('0', 10, ['v', 8, 4]), 0, [2, 2], [2, 1]), 'not described'],
      [tensor(storage('0', -1), 0, [3, 3], [3, 1]), 'not described'],
      [tensor(storage('0', 9), -1, [3, 3], [3, 1]), 'where it begins'],
      [tensor(storage('0', 9), 0, [3, 3], [3]), 'not described'],
      [tensor(storage('0', 9), 0, [3, -3], [3, 1]), 'not described'],
      [tensor(storage('0', 9), 0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]), 'not described'],
      [tensor(5, 0, [3, 3], [3, 1]), 'not described'],
    ];
    for (const [value, words] of wrong) {
      expect(() => stateOf({ dict: [['layer.w', value]] }), words).toThrow(/the tensor layer\.w/);
      expect(() => stateOf({ dict: [['layer.w', value]] }), words).toThrow(words);
    }
  });

  it('that shares its parts a billion times is looked at once', () => {
    // a dictionary of 1000 names for one dictionary of 1000 names for one dictionary …
    const names = (inner: number[]): number[] => {
      const out: number[] = [0x7d, 0x28];
      for (let i = 0; i < 1000; i++) {
        out.push(0x8c, 4, ...[...String(1000 + i)].map((c) => c.charCodeAt(0)));
        if (i === 0) out.push(...inner, 0x94);
        else out.push(0x6a, ...[depth, 0, 0, 0]);
      }
      depth++;
      return [...out, 0x75];
    };
    let depth = 0;
    const third = names([...writePickle(square)].slice(2, -1));
    const bytes = Uint8Array.from([0x80, 4, ...names(names(third)), 0x2e]);
    const value = read(bytes);
    expect(findState(value, file).tensors).toHaveLength(1000);
    expect(storagesIn(value).size).toBe(1);
  });

  it('is never anything but found or refused, however its bytes were changed', () => {
    const random = seededRandom(3);
    const seed = torchPickle(
      [
        { name: 'a.weight', shape: [3, 4], type: 'float32' },
        { name: 'a.num_batches_tracked', shape: [], type: 'int64' },
      ],
      { epoch: 4 },
    );
    let found = 0;
    for (let i = 0; i < 10_000; i++) {
      const bytes = seed.slice();
      for (let n = 1 + random.int(2); n > 0; n--) bytes[random.int(bytes.length)] = random.int(256);
      try {
        const value = read(bytes);
        const { tensors } = findState(value, file);
        for (const one of tensors) {
          const count = one.shape.reduce((a, b) => a * b, 1);
          if (count < 100 && one.storage.length < 100) tensorNumbers(one, new Uint8Array(800));
        }
        found++;
      } catch (thrown) {
        if (!(thrown instanceof LineamentError)) throw thrown;
      }
    }
    expect(found).toBeGreaterThan(300);
    expect(found).toBeLessThan(9_700);
  });
});

describe('half floats', () => {
  it('are IEEE 754’s', () => {
    const cases: readonly (readonly [number, number])[] = [
      ...([
        [0x3c00, 1],
        [0xc000, -2],
        [0x7bff, 65504],
        [0x0400, 2 ** -14],
        [0x0001, 2 ** -24],
      ] as const),
      ...([
        [0x3555, 0.333251953125],
        [0x7c00, Number.POSITIVE_INFINITY],
        [0xfc00, Number.NEGATIVE_INFINITY],
      ] as const),
      ...([
        [0x8000, -0],
        [0x7e00, Number.NaN],
      ] as const),
    ];
    for (const [bits, value] of cases) expect(halfNumber(bits), bits.toString(16)).toBe(value);
  });
});
