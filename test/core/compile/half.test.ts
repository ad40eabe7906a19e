import { describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { buildLoss } from '../../../src/core/compile/1-build.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { withCasts } from '../../../src/core/compile/half.ts';
import { halfTable } from '../../../src/core/compile/half-table.ts';
import { usualScaling } from '../../../src/core/compile/loss-scale.ts';
import { standardRules } from '../../../src/core/compile/rules-standard.ts';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { input, scalar } from '../../../src/core/graph/builder.ts';
import { print } from '../../../src/core/graph/print.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { add } from '../../../src/core/ops/add.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { operators } from '../../../src/core/ops/index.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { full, half, marks } from '../../../src/core/ops/precision.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { relu } from '../../../src/core/ops/relu.ts';
import { softmax } from '../../../src/core/ops/softmax.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const markNames = marks.map(({ name }) => name);
const mixed = (...results: Value[]): Value[] => withCasts(simplify(results, standardRules, markNames));

describe('the table', () => {
  it('says of every primitive, and of nothing else, how it runs', () => {
    const primitives = operators.flatMap(({ name, form }) => (form.kind === 'primitive' ? [name] : []));
    expect(Object.keys(halfTable)).toEqual(primitives);
  });
});

describe('casts', () => {
  const x = input('x', [2, 3, 4, 4]);
  const printed = (result: Value): string => print(mixed(result)).replaceAll(/ \[[\d, ]*\]/g, '');

  it('begin at a mark, round what meets half precision, and end at a mark', () => {
    const w = input('w', [5, 3, 1, 1]);
    expect(printed(add(full(relu(conv(half(x), w))), scalar(1))).split('\n')).toEqual([
      '%0 = cast(x) {to: "float16"}',
      '%1 = cast(w) {to: "float16"}',
      expect.stringMatching(/^%2 = conv\(%0, %1\)/),
      '%3 = relu(%2)',
      '%4 = cast(%3) {to: "float32"}',
      '%5 = add(%4, 1)',
      'return %5',
    ]);
  });

  it('leave what takes no half precision alone', () => {
    const w = input('w', [4, 4]);
    expect(topological(mixed(softmax(matmul(x, w)))).some(({ type }) => type === 'float16')).toBe(false);
  });

  it('go to single precision for what sums, and back only where a picture comes of it', () => {
    const typeOf = (value: Value): string => {
      const [result] = mixed(value);
      return result?.op.name === 'cast' ? 'float16' : 'float32'; // results come back to single precision
    };
    expect(typeOf(reduceSum(half(x), [0, 2, 3]))).toBe('float32');
    expect(typeOf(reduceSum(half(x), [1]))).toBe('float16'); // of three
    expect(typeOf(softmax(half(x)))).toBe('float16');
  });

  it('give no result and no input another precision', () => {
    const results = mixed(multiply(half(x), half(x)), relu(half(x)));
    for (const value of [...results, ...topological(results).filter(({ op }) => op.name === 'input')])
      expect(value.type).toBe('float32');
  });
});

const plan = (backbone: TrainingPlan['backbone']): TrainingPlan => ({
  ...tinyPlan,
  ...{ backbone, settings: backbone.defaults, size: backbone.input, batch: 8, mixed: usualScaling },
});

/** Of single precision although it takes or gives pictures and does the work of a network. */
function left(results: readonly Value[]): string[] {
  return topological(results).flatMap(({ op, type, shape }) =>
    type === 'float32' && /^conv/.test(op.name) ? [`${op.name} [${shape}]`] : [],
  );
}

describe('every network', () => {
  it('goes through half precision on its way forward, wholly', () => {
    for (const backbone of backbones) {
      const { loss } = buildLoss(plan(backbone));
      const results = mixed(loss);
      expect(left(results), backbone.name).toEqual([]);
      expect(results[0]?.type).toBe('float32');
    }
  });

  // of a family one is enough: the others have the same layers, more of them
  const families = new Map(backbones.map((one) => [one.family ?? one.name, one] as const).toReversed());
  it.each([...families.values()].map((one) => [one.name, one] as const))('%s goes back so, too', (_, one) => {
    const { loss, net } = buildLoss(plan(one));
    const values = net.parameters.map(({ value }) => value);
    const results = mixed(loss, ...differentiate(loss, values).map(full));
    expect(left(results)).toEqual([]);
    let [halves, all] = [0, 0];
    for (const { type, shape, op } of topological(results)) {
      if (op.name === 'input' || op.name === 'constant') continue;
      all += count(shape);
      if (type === 'float16') halves += count(shape);
    }
    expect(halves / all).toBeGreaterThan(0.5);
    for (const [i, { name, shape }] of net.parameters.entries()) {
      expect(results[i + 1]?.type, name).toBe('float32');
      expect(results[i + 1]?.shape, name).toEqual(shape);
    }
  });
});

it('takes nothing of a processor’s own, and leaves single precision as it was', () => {
  const types = (mixedPlan: TrainingPlan): Set<string> =>
    new Set(compileTraining(mixedPlan, { block: 8 }).model.graph.initializers.map(({ type }) => type));
  expect(types(tinyPlan).has('float16')).toBe(false);
  expect(types({ ...tinyPlan, mixed: usualScaling }).has('float16')).toBe(true);
});
