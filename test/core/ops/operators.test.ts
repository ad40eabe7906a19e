import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { constant, input, scalar } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { cast } from '../../../src/core/ops/cast.ts';
import { detach } from '../../../src/core/ops/detach.ts';
import { operators } from '../../../src/core/ops/index.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { step } from '../../../src/core/ops/step.ts';
import { evaluators } from '../../support/reference/evaluators.ts';
import { type Feeds, interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';
import { type Case, cases } from './cases.ts';

/** A case as a graph: its inputs, a point, its result, and a loss that depends on every number of the result. */
function set({ shapes, of, positive }: Case, seed: number) {
  const random = seededRandom(seed);
  const numbers = (length: number): Float64Array => Float64Array.from({ length }, random.normal);
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const feeds: Record<string, Float64Array> = {};
  shapes.forEach((shape, i) => {
    const drawn = numbers(count(shape));
    feeds[`x${i}`] = positive ? drawn.map((value) => 0.5 + Math.abs(value)) : drawn;
  });
  const result = of(...inputs);
  const loss = reduceSum(multiply(result, constant(numbers(count(result.shape)), result.shape)));
  const directions = shapes.map((shape) => numbers(count(shape)));
  return { inputs, feeds, result, loss, directions, gradients: differentiate(loss, inputs) };
}

const number = (graph: Value, feeds: Feeds): number => interpret([graph], feeds)[0]?.data[0] ?? Number.NaN;

/** The point moved by `by` along the directions. */
function moved(feeds: Feeds, directions: readonly Float64Array[], by: number): Feeds {
  const entries = directions.map((direction, i) => {
    const at = feeds[`x${i}`] ?? [];
    return [`x${i}`, direction.map((d, j) => (at[j] ?? Number.NaN) + by * d)] as const;
  });
  return Object.fromEntries(entries);
}

const tested = cases.map((one, i) => ({ ...one, seed: 11 + i, title: `${one.op}: ${one.what}` }));

describe.each(tested)('$title', (one) => {
  const { inputs, feeds, result, loss, directions, gradients } = set(one, one.seed);

  it('has the derivative that finite differences have', () => {
    const h = 1e-5;
    const measured =
      (number(loss, moved(feeds, directions, h)) - number(loss, moved(feeds, directions, -h))) / (2 * h);
    const arrays = interpret(gradients, feeds);
    let ours = 0;
    let size = 1;
    arrays.forEach(({ data, shape }, i) => {
      expect(shape).toEqual(inputs[i]?.shape);
      data.forEach((value, j) => {
        const term = value * (directions[i]?.[j] ?? Number.NaN);
        ours += term;
        size += Math.abs(term);
      });
    });
    expect(Math.abs(ours - measured) / size).toBeLessThan(1e-6);
    expect(Math.abs(ours)).toBeGreaterThan(0);
  });

  it('is computed by onnxruntime as by its definition, derivatives too', async () => {
    const results = [result, ...gradients];
    const wanted = interpret(results, feeds);
    const got = await runInOnnxruntime(results, feeds);
    wanted.forEach(({ data }, i) => {
      const largest = Math.max(1, ...data.map(Math.abs));
      const apart = Math.max(...data.map((value, j) => Math.abs(value - (got[i]?.[j] ?? Number.NaN))));
      expect(apart / largest).toBeLessThan(2e-6);
    });
  });
});

describe('operators without a derivative', () => {
  it('computes steps, labels and casts as defined, in onnxruntime too', async () => {
    const labels = input('labels', [3], 'int32');
    const x = input('x', [4]);
    const results = [oneHot(labels, 4), cast(labels), step(x), detach(x)];
    const feeds = { labels: [2, 0, 3], x: [-1, 0, 1e-30, 2] };
    const wanted = [
      [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1],
      [2, 0, 3],
      [0, 0, 1, 1],
      [...Float32Array.of(-1, 0, 1e-30, 2)],
    ];
    expect((await runInOnnxruntime(results, feeds)).map((data) => [...data])).toEqual(wanted);
    expect(interpret(results.slice(0, 3), feeds).map(({ data }) => [...data])).toEqual(wanted.slice(0, 3));
  });

  it('lets no derivative through a detached value or a step', () => {
    const x = input('x', [4]);
    for (const stopped of [detach(x), step(x)]) {
      const [gradient] = differentiate(reduceSum(multiply(stopped, x)), [x]);
      const [got] = interpret([gradient ?? scalar(0)], { x: [-1, 2, 3, -4] });
      const [wanted] = interpret([stopped], { x: [-1, 2, 3, -4] });
      expect(got).toEqual(wanted);
    }
  });
});

describe('the list of operators', () => {
  it('has each name once, in order, with a reference and a test', () => {
    const names = operators.map(({ name }) => name);
    const sorted = names.toSorted();
    expect(names).toEqual(sorted);
    expect(new Set(names).size).toBe(names.length);
    expect([...evaluators.keys()].toSorted()).toEqual(sorted);
    const covered = new Set([
      ...cases.map(({ op }) => op),
      ...['addAtLabel', 'takeAtLabel'], // at-label.test.ts
      'blockedAffine',
      'blockedConv',
      'blockedFilterGradient',
      'fromBlocks',
      'toBlocks',
      'cast',
      'detach',
      'less', // with where
      'oneHot',
      'step',
    ]);
    expect(names.filter((name) => !covered.has(name))).toEqual([]);
  });
});
