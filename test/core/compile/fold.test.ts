import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { fold } from '../../../src/core/compile/fold.ts';
import { foldRules } from '../../../src/core/compile/fold-rules.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { inputOp, isNode } from '../../../src/core/graph/leaves.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { add } from '../../../src/core/ops/add.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { normalise } from '../../../src/core/ops/normalise.ts';
import { relu } from '../../../src/core/ops/relu.ts';
import { perChannel, reshape } from '../../../src/core/ops/reshape.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

const x = input('x', [2, 4, 5, 5]);
const w = (name: string, shape: Shape): Value => input(name, shape);
const norm = (name: string, value: Value): Value => {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((part) =>
    input(`${name}.${part}`, [value.shape[1] ?? 1]),
  );
  if (!gamma || !beta || !mean || !variance) throw new Error('four parts');
  return normalise(value, gamma, beta, { mean, variance }, 1e-5);
};

/** Numbers for every input; variances are positive. */
function numbers(result: Value): Map<string, Float32Array> {
  const random = seededRandom(9);
  const inputs = topological([result]).filter((value) => isNode(value, inputOp));
  return new Map(
    inputs.map((value) => {
      const name = isNode(value, inputOp) ? value.attributes.name : '';
      const least = name.endsWith('variance') ? 0.5 : -1;
      const drawn = Float32Array.from({ length: count(value.shape) }, () => least + 1.5 * random.next());
      return [name, drawn] as const;
    }),
  );
}

const names = (value: Value): string[] =>
  topological([value])
    .map(({ op }) => op.name)
    .filter((name) => name !== 'constant' && name !== 'input');

const flat = (value: Value): Value => reshape(value, [2, count(value.shape) / 2]);
const dense = (options = {}): Value => conv(x, w('w', [6, 4, 3, 3]), options);

describe('a network folds to', () => {
  it.each<[string, Value, string[]]>([
    ['a convolution and its normalisation', norm('n', dense({ padding: 1 })), ['foldedConv']],
    ['one with a term', norm('n', add(dense(), perChannel(w('b', [6])))), ['foldedConv']],
    [
      'a grouped one, normalised before',
      conv(norm('n', x), w('w', [6, 2, 3, 3]), { groups: 2 }),
      ['foldedConv'],
    ],
    [
      'a depthwise one between two',
      norm('m', conv(norm('n', x), w('w', [4, 1, 3, 3]), { groups: 4 })),
      ['foldedConv'],
    ],
    [
      'a padded one, normalised before',
      conv(norm('n', x), w('w', [6, 4, 3, 3]), { padding: 1 }),
      ['keptNormalise', 'foldedConv'],
    ],
    [
      'a linear layer after a flattened normalisation, and one after',
      norm('m', add(matmul(flat(norm('n', x)), w('w', [3, 100]), { tb: true }), w('b', [3]))),
      ['reshape', 'foldedLinear'],
    ],
    [
      'what two take',
      ((y: Value) => add(norm('n', y), relu(y)))(dense()),
      ['foldedConv', 'keptNormalise', 'relu', 'add'],
    ],
    [
      'a normalisation that two take',
      ((y: Value) => add(conv(y, w('w', [4, 4, 1, 1])), y))(norm('n', x)),
      ['keptNormalise', 'foldedConv', 'add'],
    ],
  ])('%s: the same numbers', async (_, result, wanted) => {
    const trained = numbers(result);
    const data = trained.get('x') ?? new Float32Array();
    trained.delete('x');
    const folded = fold(result, trained);
    expect(names(folded)).toEqual(wanted);
    const [before] = interpret([result], Object.fromEntries([...trained, ['x', data]]));
    const [after] = await runInOnnxruntime([folded], { x: data });
    before?.data.forEach((value, i) => {
      expect(Math.abs((after?.[i] ?? Number.NaN) - value)).toBeLessThan(2e-5);
    });
  });
});

describe('a rule refuses with its reason', () => {
  const one = (length: number): Value => constant(new Float32Array(length).fill(1), [length]);
  const known = (value: Value): Value =>
    normalise(value, one(4), one(4), { mean: one(4), variance: one(4) }, 0);
  const filters = constant(new Float32Array(4 * 4 * 9).fill(1), [4, 4, 3, 3]);
  const reasons = (value: Value, users = 1): string[] =>
    foldRules(() => users).flatMap((rule) => {
      const outcome = rule.apply(value);
      return outcome && 'refused' in outcome ? [outcome.refused] : [];
    });
  const folded = (value: Value): Value => {
    const [rule] = foldRules(() => 1);
    const outcome = rule?.apply(value);
    if (!outcome || 'refused' in outcome) throw new Error('not folded');
    return outcome;
  };

  it('where zeros around the picture come between', () => {
    expect(reasons(folded(conv(known(x), filters, { padding: 1 })))).toEqual([
      'the zeros around the picture are put there after the normalisation',
    ]);
  });

  it('where something else takes the value', () => {
    expect(reasons(known(folded(conv(x, filters))), 2)).toEqual([
      'something else takes what would be changed',
    ]);
  });

  it('where numbers are not known, or are no layer’s', () => {
    expect(reasons(norm('n', folded(conv(x, filters))))).toEqual(['its numbers are not known yet']);
    expect(reasons(add(folded(conv(x, filters)), one(3)))).toEqual(['not a number a channel']);
    expect(reasons(matmul(constant([1, 2], [1, 2]), constant([1, 2], [2, 1])))).toEqual([
      'not a linear layer',
    ]);
  });
});
