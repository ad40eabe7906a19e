import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { fold } from '../../../src/core/compile/fold.ts';
import { foldRules } from '../../../src/core/compile/fold-rules.ts';
import { foldedConv } from '../../../src/core/compile/folded-ops.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { inputOp, isNode } from '../../../src/core/graph/leaves.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { add } from '../../../src/core/ops/add.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { type ConvOptions, convAttributes } from '../../../src/core/ops/conv-shape.ts';
import { normalise } from '../../../src/core/ops/normalise.ts';
import { relu } from '../../../src/core/ops/relu.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

const x = input('x', [2, 4, 7, 6]);
const w = (name: string, shape: Shape): Value => input(name, shape);
const norm = (name: string, value: Value): Value => {
  const part = (what: string): Value => input(`${name}.${what}`, [value.shape[1] ?? 1]);
  return normalise(
    value,
    part('gamma'),
    part('beta'),
    { mean: part('mean'), variance: part('variance') },
    1e-5,
  );
};
const by = (name: string, filters: Shape, options: ConvOptions): Value =>
  norm(`${name}.n`, conv(x, w(name, filters), options));

/** Numbers for every input; variances are positive. */
function numbers(result: Value): Map<string, Float32Array> {
  const random = seededRandom(9);
  const drawn = new Map<string, Float32Array>();
  for (const value of topological([result]))
    if (isNode(value, inputOp)) {
      const least = value.attributes.name.endsWith('variance') ? 0.5 : -1;
      const data = Float32Array.from({ length: count(value.shape) }, () => least + 1.5 * random.next());
      drawn.set(value.attributes.name, data);
    }
  return drawn;
}

const names = (value: Value): string[] =>
  topological([value])
    .map(({ op }) => op.name)
    .filter((name) => name !== 'constant' && name !== 'input');

const three = by('three', [4, 4, 3, 3], { padding: 1 });
const one = by('one', [4, 4, 1, 1], {});

describe('a sum folds to', () => {
  it.each<[string, Value, string[]]>([
    ['one convolution, of 3×3, 1×1 and the value', add(add(three, one), norm('same', x)), ['foldedConv']],
    ['one convolution in any order', add(norm('same', x), add(one, three)), ['foldedConv']],
    ['one convolution, of 3×3 and the value as it is', add(x, three), ['foldedConv']],
    [
      'one convolution of stride 2',
      add(
        by('a', [6, 4, 3, 3], { padding: 1, stride: 2 }),
        norm('b', conv(x, w('b', [6, 4, 1, 1]), { stride: 2 })),
      ),
      ['foldedConv'],
    ],
    [
      'one convolution in groups, dilated and uneven',
      add(
        add(
          by('a', [4, 2, 3, 5], { groups: 2, dilation: [2, 1], padding: [2, 2, 2, 2] }),
          by('b', [4, 2, 1, 2], { groups: 2, dilation: [2, 1], padding: [0, 1, 0, 0] }),
        ),
        norm('same', x),
      ),
      ['foldedConv'],
    ],
    [
      'a depthwise one',
      add(by('a', [4, 1, 3, 3], { groups: 4, padding: 1 }), norm('same', x)),
      ['foldedConv'],
    ],
    [
      'one, whose padding is uneven',
      add(by('a', [4, 4, 3, 3], { padding: [1, 1, 1, 0], stride: 2 }), by('b', [4, 4, 1, 1], { stride: 2 })),
      ['foldedConv'],
    ],
    [
      'two, where filters reach beyond each other',
      add(by('a', [4, 4, 3, 1], { padding: [1, 0, 1, 0] }), by('b', [4, 4, 1, 3], { padding: [0, 1, 0, 1] })),
      ['foldedConv', 'foldedConv', 'add'],
    ],
    [
      'two, where one of them is needed by itself',
      add(relu(one), add(three, one)),
      ['foldedConv', 'relu', 'foldedConv', 'add', 'add'],
    ],
    [
      'two, where they see different values',
      add(three, conv(relu(x), w('other', [4, 4, 3, 3]), { padding: 1 })),
      ['foldedConv', 'relu', 'foldedConv', 'add'],
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
      expect(Math.abs((after?.[i] ?? Number.NaN) - value)).toBeLessThan(4e-5);
    });
  });
});

it('refuses with its reason', () => {
  const folded = (of: Value, shape: Shape, options: ConvOptions): Value =>
    foldedConv(
      of,
      constant(new Float32Array(count(shape)).fill(1), shape),
      constant(new Float32Array(shape[0] ?? 0), [shape[0] ?? 0]),
      convAttributes(options),
    );
  const reasons = (value: Value, users = 1): string[] =>
    foldRules(() => users).flatMap((rule) => {
      const outcome = rule.apply(value);
      return outcome && 'refused' in outcome ? [outcome.refused] : [];
    });
  const wide = folded(x, [4, 4, 3, 3], { padding: 1 });
  const narrow = folded(x, [4, 4, 1, 1], {});
  expect(reasons(add(wide, narrow), 2)).toContain('something else takes one of the sum');
  expect(reasons(add(wide, folded(relu(x), [4, 4, 1, 1], {})))).toContain('they do not see the same value');
  const tall = folded(x, [4, 4, 3, 1], { padding: [1, 0, 1, 0] });
  const broad = folded(x, [4, 4, 1, 3], { padding: [0, 1, 0, 1] });
  expect(reasons(add(tall, broad))).toContain('neither lies in the other');
  const far = folded(x, [4, 4, 3, 3], { padding: [1, 1, 3, 3], dilation: 2 });
  expect(reasons(add(x, far))).toContain('its filters do not see every pixel in its own place');
});
