import { expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { dropPath } from '../../../src/core/layers/drop-path.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { interpret } from '../../support/reference/interpret.ts';

const x = input('x', [3, 2, 1, 2]);
const data = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

it('leaves out all of a picture, or makes up for what is left out', () => {
  const net = openNet(true);
  const y = dropPath(net, 'unit.path', x, 0.2);
  expect(net.masks).toEqual([{ name: 'unit.path.mask', shape: [3, 1, 1, 1], rate: 0.2 }]);
  const [got] = interpret([y], { x: data, 'unit.path.mask': [1, 0, 1] });
  const wanted = [1, 2, 3, 4, 0, 0, 0, 0, 9, 10, 11, 12].map((value) => value / 0.8);
  got?.data.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 12);
  });
});

it('does nothing in use, nor at a rate of 0', () => {
  for (const [training, rate] of [
    [false, 0.2],
    [true, 0],
  ] as const) {
    const net = openNet(training);
    expect(dropPath(net, 'unit.path', x, rate)).toBe(x);
    expect(net.masks).toEqual([]);
  }
});

it('refuses to leave out always', () => {
  expect(() => dropPath(openNet(true), 'unit.path', x, 1)).toThrow(/a rate of 1/);
});
