import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { padsOfPieces } from '../../../src/core/compile/rules-concat.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { maxFeatureMap } from '../../../src/core/layers/shape.ts';
import { add } from '../../../src/core/ops/add.ts';
import { pad } from '../../../src/core/ops/pad.ts';
import { reduceSumSquare } from '../../../src/core/ops/reduce-sum-square.ts';
import { interpret } from '../../support/reference/interpret.ts';

const [a, b, c] = [input('a', [2, 1, 3]), input('b', [2, 2, 3]), input('c', [2, 3, 3])];
/** Of seven in all. */
const placed = (x: Value, begin: number, value = 0): Value =>
  pad(x, [0, begin, 0], [0, 7 - begin - (x.shape[1] ?? 0), 0], value);
const names = (value: Value): string[] => topological([value]).map(({ op }) => op.name);

function expectSame(result: Value): string[] {
  const numbers = (value: Value, first: number): number[] =>
    Array.from({ length: count(value.shape) }, (_, i) => first + i);
  const feeds = { a: numbers(a, 1), b: numbers(b, 100), c: numbers(c, 1000) };
  const simple = simplify([result]);
  expect(interpret(simple, feeds)).toEqual(interpret([result], feeds));
  return names(simple[0] ?? result).filter((name) => name !== 'input');
}

describe('pieces that are padded and summed', () => {
  it('are put beside one another, in any order', () => {
    expect(expectSame(add(placed(a, 1), placed(b, 2)))).toEqual(['concat', 'pad']);
    expect(expectSame(add(placed(b, 2), placed(a, 1)))).toEqual(['concat', 'pad']);
  });

  it('are not padded where they are all', () => {
    expect(expectSame(add(placed(c, 0), pad(concatOf(a, c), [0, 3, 0], [0, 0, 0])))).not.toContain('pad');
    const three = add(add(placed(c, 0), placed(a, 3)), placed(c, 4));
    expect(expectSame(three)).toEqual(['concat', 'concat']);
  });

  it('are the derivative of a value of which both halves are used', () => {
    const x = input('x', [1, 4, 2, 2]);
    const [gradient] = simplify(differentiate(reduceSumSquare(maxFeatureMap(x)), [x]));
    expect(names(gradient ?? x)).toContain('concat');
    expect(names(gradient ?? x)).not.toContain('pad');
  });
});

function concatOf(x: Value, y: Value): Value {
  return add(pad(x, [0, 0, 0], [0, 3, 0]), pad(y, [0, 1, 0], [0, 0, 0]));
}

describe('pieces are left as they are, with a reason,', () => {
  it.each<[string, Value, Value]>([
    ['one does not begin where the other ends', placed(a, 0), placed(b, 2)],
    ['one does not begin where the other ends', placed(b, 0), placed(b, 1)],
    ['not padded by zeros', placed(a, 1, 5), placed(b, 2)],
    [
      'padded along different axes',
      pad(b, [0, 0, 0], [0, 0, 4]),
      pad(input('d', [2, 1, 7]), [0, 1, 0], [0, 0, 0]),
    ],
    ['they are not as large', placed(a, 1), pad(input('e', [1]), [0], [2])],
  ])('where %s', (refused, one, other) => {
    expect(padsOfPieces.apply(add(one, other))).toEqual({ refused });
  });
});
