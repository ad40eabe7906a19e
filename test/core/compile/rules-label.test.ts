import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { labelRules } from '../../../src/core/compile/rules-label.ts';
import { input, scalar } from '../../../src/core/graph/builder.ts';
import { sameShape } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { arcface } from '../../../src/core/heads/arcface.ts';
import { curricularFace } from '../../../src/core/heads/curricularface.ts';
import { crossEntropy, ranksOf } from '../../../src/core/heads/loss.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { add } from '../../../src/core/ops/add.ts';
import { exp } from '../../../src/core/ops/exp.ts';
import { expand } from '../../../src/core/ops/expand.ts';
import { multiply, scale } from '../../../src/core/ops/multiply.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { subtract } from '../../../src/core/ops/subtract.ts';
import { interpret } from '../../support/reference/interpret.ts';

const [n, classes, width] = [3, 5, 4];
const labels = input('labels', [n], 'int32');
const target = oneHot(labels, classes, { within: true });
const [x, z] = [input('x', [n, classes]), input('z', [n, classes])];
const [y, row] = [input('y', [n, 1]), input('row', [classes])];
const random = seededRandom(3);
const draw = (length: number): number[] => Array.from({ length }, random.normal);
const feeds = {
  ...{ x: draw(n * classes), z: draw(n * classes), y: draw(n), row: draw(classes), labels: [4, 0, 2] },
  ...{ embeddings: draw(n * width), 'classes.weight': draw(classes * width), 'classes.curriculum': [0.1] },
};
const simple = (results: readonly Value[]): Value[] => simplify(results, labelRules);
const names = (results: readonly Value[]): string[] => topological(results).map(({ op }) => op.name);

function expectSame(before: readonly Value[], after: readonly Value[]): void {
  const [wanted, got] = [interpret(before, feeds), interpret(after, feeds)];
  wanted.forEach(({ shape, data }, i) => {
    expect(got[i]?.shape).toEqual(shape);
    data.forEach((value, j) => {
      expect(got[i]?.data[j]).toBeCloseTo(value, 12);
    });
  });
}

describe.each<[string, Value]>([
  ['a sum a row', reduceSum(multiply(x, target), [1])],
  ['a sum a row that stays a column', reduceSum(multiply(target, x), [1], true)],
  ['a sum over all', reduceSum(multiply(x, target))],
  ['a sum of a repeated column', reduceSum(multiply(expand(y, [n, classes]), target), [1])],
  ['a sum of one number', reduceSum(multiply(scalar(3), target), [1], true)],
  ['a sum of a number a class', reduceSum(multiply(row, target), [1])],
  ['a column added', add(x, multiply(target, y))],
  ['a column added to', add(multiply(y, target), x)],
  ['a column taken away', subtract(x, multiply(target, y))],
  ['a product taken from a column', subtract(multiply(target, y), multiply(x, y))],
  ['another matrix added', add(x, multiply(target, z))],
  ['all but the label', multiply(exp(x), subtract(scalar(1), target))],
  ['two columns added', add(add(x, multiply(target, y)), multiply(target, exp(y)))],
  ['all scaled', scale(add(multiply(x, y), multiply(target, y)), 3)],
  ['what was added, summed', reduceSum(multiply(add(x, multiply(target, y)), target), [1])],
])('by index: %s', (_, value) => {
  it('is the same, without the matrix', () => {
    const after = simple([value]);
    expect(names(after)).not.toContain('oneHot');
    expectSame([value], after);
  });
});

it('leaves labels alone that may be outside, and sums over pictures', () => {
  const outside = reduceSum(multiply(x, oneHot(labels, classes)), [1]);
  expect(names(simple([outside]))).toContain('oneHot');
  const overPictures = reduceSum(multiply(x, target), [0]);
  expect(names(simple([overPictures]))).toContain('oneHot');
  expectSame([outside, overPictures], simple([outside, overPictures]));
});

it.each([arcface, curricularFace])('a whole step of $name has no such matrix, and less to do', (head) => {
  const net = openNet(true);
  const embeddings = input('embeddings', [n, width]);
  const { logits } = head.build(net, embeddings, target, {}, labels);
  const loss = crossEntropy(logits, target);
  const results = [
    loss,
    ranksOf(logits, target),
    ...differentiate(loss, [embeddings, ...net.parameters.map(({ value }) => value)]),
  ];
  const [plain, after] = [simplify(results), simple(results)];
  expect(names(after)).not.toContain('oneHot');
  expectSame(plain, after);
  const passes = (of: readonly Value[]): number =>
    topological(of).filter(({ shape }) => sameShape(shape, [n, classes])).length;
  expect(passes(after)).toBeLessThan(passes(plain) - 7);
});
