import { expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input, scalar } from '../../../src/core/graph/builder.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { add } from '../../../src/core/ops/add.ts';
import { exp } from '../../../src/core/ops/exp.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { interpret } from '../../support/reference/interpret.ts';

const x = input('x', [2]);
const feeds = { x: [3, -2], y: [5, 7], s: [10] };

it('adds up all the ways from a value to the result', () => {
  // d/dx Σ (x² + x) = 2x + 1
  const [dx] = interpret(differentiate(reduceSum(add(multiply(x, x), x)), [x]), feeds);
  expect([...(dx?.data ?? [])]).toEqual([7, -3]);
});

it('sums where a number was broadcast, and keeps its shape', () => {
  const s = input('s', []);
  const [ds] = interpret(differentiate(reduceSum(multiply(x, s)), [s]), feeds);
  expect(ds?.shape).toEqual([]);
  expect([...(ds?.data ?? [])]).toEqual([1]);
});

it('gives zeros where nothing depends', () => {
  const [dy] = interpret(differentiate(reduceSum(x), [input('y', [2])]), feeds);
  expect([...(dy?.data ?? [])]).toEqual([0, 0]);
});

it('asks no rule of what needs no derivative', () => {
  const y = input('y', [2]);
  const [dx] = differentiate(reduceSum(multiply(x, exp(y))), [x]);
  expect(topological([dx ?? scalar(0)]).filter(({ op }) => op.name === 'exp')).toHaveLength(1);
});

it('can be taken twice', () => {
  // d²/dx² Σ x³ = 6x
  const cube = reduceSum(multiply(x, multiply(x, x)));
  const [first] = differentiate(cube, [x]);
  const [second] = interpret(differentiate(reduceSum(first ?? x), [x]), feeds);
  expect([...(second?.data ?? [])]).toEqual([18, -12]);
});

it('refuses what is no single number', () => {
  expect(() => differentiate(x, [x])).toThrow(/single number/);
});
