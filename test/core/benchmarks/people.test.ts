import { describe, expect, it } from 'vitest';
import { peopleOf, plainName } from '../../../src/core/benchmarks/people.ts';

describe('names as they are compared', () => {
  it.each([
    ['Aaron_Peirsol', 'aaron peirsol'],
    ['  José  María-Aznar ', 'jose maria aznar'],
    ['JOSE MARIA AZNAR', 'jose maria aznar'],
    ['Łukasz (2)', 'łukasz 2'],
    ['王小明', '王小明'],
  ])('%s', (name, plain) => expect(plainName(name)).toBe(plain));

  it.each(['0042', '7', '-', '', 'a 1'])('%s is none', (name) => expect(plainName(name)).toBeNull());
});

describe('whose pictures are', () => {
  it('joins those of a name, and those that pairs call the same', () => {
    const names = ['Ada', null, 'Bo', 'Ada', null, null, null];
    //             0      1     2     3      4     5     6
    const pairs = Int32Array.of(1, 4, 5, 6, 0, 2, 4, 5);
    expect([...peopleOf(names, pairs, Uint8Array.of(1, 0, 0, 1))]).toEqual([0, 1, 2, 0, 1, 1, 3]);
  });

  it('does not depend on the order of the pairs', () => {
    const chain = Array.from({ length: 99 }, (_, i) => [i, i + 1]);
    const orders = [
      chain,
      chain.toReversed(),
      chain.toSorted((a, b) => (((a[0] ?? 0) * 37) % 99) - (((b[0] ?? 0) * 37) % 99)),
    ];
    for (const order of orders) {
      const people = peopleOf(
        new Array<null>(101).fill(null),
        Int32Array.from(order.flat()),
        new Uint8Array(99).fill(1),
      );
      expect([...people.slice(0, 100)]).toEqual(new Array(100).fill(0));
      expect(people[100]).toBe(1);
    }
  });
});
