import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { rules } from '../../../src/core/compile/rules.ts';
import { constant, input, scalar } from '../../../src/core/graph/builder.ts';
import { print } from '../../../src/core/graph/print.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { add } from '../../../src/core/ops/add.ts';
import { multiply, scale } from '../../../src/core/ops/multiply.ts';
import { prelu } from '../../../src/core/ops/prelu.ts';
import { reshape } from '../../../src/core/ops/reshape.ts';
import { subtract } from '../../../src/core/ops/subtract.ts';
import { transpose } from '../../../src/core/ops/transpose.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { cases } from '../ops/cases.ts';

const x = input('x', [2, 3, 4]);
const one = (value: Value): string => print(simplify([value]));

describe('each rule', () => {
  it.each<[string, Value, string]>([
    ['x + 0', add(x, scalar(0)), 'return x'],
    ['0 + x', add(scalar(0), x), 'return x'],
    ['x − 0', subtract(x, scalar(0)), 'return x'],
    ['x · 1', multiply(x, scalar(1)), 'return x'],
    ['(x · 2) · 3', scale(scale(x, 2), 3), '%0 = multiply(x, 6) [2, 3, 4]\nreturn %0'],
    ['a reshape back', reshape(reshape(x, [6, 4]), [2, 3, 4]), 'return x'],
    ['a transposition back', transpose(transpose(x, [1, 2, 0]), [2, 0, 1]), 'return x'],
    [
      'a transposition of ones',
      transpose(reshape(x, [1, 6, 4]), [1, 0, 2]),
      '%0 = reshape(x) {shape: [6,1,4]} [6, 1, 4]\nreturn %0',
    ],
  ])('%s', (_, value, wanted) => {
    expect(one(value)).toBe(wanted);
  });

  it('refuses, with a reason, what would change the shape', () => {
    const small = add(scalar(0), input('one', []));
    expect(one(add(small, constant([0, 0], [2])))).toContain('[2]');
    const grown = add(constant([0], [1, 1]), input('n', []));
    expect(rules.map((rule) => rule.apply(grown)).filter(Boolean)).toEqual([
      { refused: 'the other operand is smaller than the result' },
    ]);
  });

  it('leaves 0 − x and x − 1 as they are', () => {
    expect(one(subtract(scalar(0), x))).toContain('subtract(0, x)');
    expect(one(subtract(x, scalar(1)))).toContain('subtract(x, 1)');
  });
});

describe('values that are the same', () => {
  it('are computed once', () => {
    const twice = add(scale(x, 2), scale(x, 2));
    expect(topological(simplify([twice])).filter(({ op }) => op.name === 'multiply')).toHaveLength(1);
  });

  it('are apart where an attribute or a constant differs', () => {
    const wide = (n: number): Value => multiply(x, constant(new Float64Array(24).fill(n), [2, 3, 4]));
    const both = add(add(wide(2), wide(3)), add(scale(x, 4), scale(x, 5)));
    const [before] = interpret([both], { x: Float64Array.from({ length: 24 }, (_, i) => i) });
    const [after] = interpret(simplify([both]), { x: Float64Array.from({ length: 24 }, (_, i) => i) });
    expect(after).toEqual(before);
    expect(after?.data[1]).toBe(14);
  });

  it('are found inside what replaces composed operators', () => {
    const slopes = input('a', [3]);
    const simple = simplify([add(prelu(x, slopes), prelu(x, slopes))]);
    expect(topological(simple).filter(({ op }) => op.name === 'step')).toHaveLength(1);
  });
});

describe('every operator', () => {
  it.each(cases.map((one, i) => ({ ...one, i })))('$op, $what: the same numbers, by primitives', (one) => {
    const random = seededRandom(one.i + 1);
    const inputs = one.shapes.map((shape, i) => input(`x${i}`, shape));
    const feeds = Object.fromEntries(
      one.shapes.map((shape, i) => {
        const length = shape.reduce((a, b) => a * b, 1);
        return [`x${i}`, Float64Array.from({ length }, () => random.next() + 0.5)];
      }),
    );
    const result = one.of(...inputs);
    const simple = simplify([result]);
    expect(topological(simple).every(({ op }) => op.form.kind === 'primitive')).toBe(true);
    const [before, after] = [interpret([result], feeds)[0], interpret(simple, feeds)[0]];
    expect(after?.shape).toEqual(before?.shape);
    before?.data.forEach((value, i) => {
      expect(after?.data[i]).toBeCloseTo(value, 9);
    });
  });
});
