import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { sharedByRows } from '../../../src/core/compile/rules-products.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Shape } from '../../../src/core/graph/value.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { interpret } from '../../support/reference/interpret.ts';

it.each<[Shape, Shape, boolean, boolean]>([
  [[3, 130], [130, 5], false, false],
  [[3, 130], [5, 130], false, true],
  [[130, 3], [130, 5], true, false],
  [[130, 3], [5, 130], true, true],
])('[%j] × [%j], transposed %j and %j: the same by rows', (a, b, ta, tb) => {
  const random = seededRandom(4);
  const numbers = (shape: Shape) => Float64Array.from({ length: count(shape) }, random.normal);
  const product = matmul(input('a', a), input('b', b), { ta, tb });
  const outcome = sharedByRows(product);
  if (!outcome || 'refused' in outcome) throw new Error('no other product');
  const [wanted, got] = interpret([product, outcome], { a: numbers(a), b: numbers(b) });
  expect(got?.shape).toEqual(wanted?.shape);
  wanted?.data.forEach((value, i) => {
    expect(got?.data[i]).toBeCloseTo(value, 10);
  });
});

it('refuses, with a reason, where the bits do not depend on threads', () => {
  const product = (rows: number, terms: number, columns: number) =>
    sharedByRows(matmul(input('a', [rows, terms]), input('b', [terms, columns])));
  for (const [rows, terms, columns] of [
    [5, 130, 3],
    [3, 128, 5],
    [3, 130, 1024],
  ] as const)
    expect(product(rows, terms, columns)).toHaveProperty('refused');
  expect(sharedByRows(matmul(input('a', [2, 3, 130]), input('b', [2, 130, 5])))).toBeUndefined();
});
