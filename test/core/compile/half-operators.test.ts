import { expect, it } from 'vitest';
import { halfBits, halfOf } from '../../../src/core/base/half.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { withCasts } from '../../../src/core/compile/half.ts';
import { standardRules } from '../../../src/core/compile/rules-standard.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { full, half, marks } from '../../../src/core/ops/precision.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';
import { roundedModel } from '../../support/rounded-model.ts';
import { cases } from '../ops/cases.ts';

/**
 * What each operator writes for half precision, held against double precision, where no number is rounded: as onnxruntime's
 * processor takes it, which shows that types agree, and with all the rounding that it leaves out.
 */

/** Ten bits of fraction, some roundings one after the other, and sums of terms that partly cancel. */
const tolerance = 1e-2;
const small = cases.filter(({ shapes }) => shapes.every((shape) => count(shape) < 3000));

it.each(small.map((one, i) => [`${one.op}: ${one.what}`, { ...one, seed: 31 + i }] as const))(
  '%s, forward and back',
  async (_, { shapes, of, positive, seed }) => {
    const random = seededRandom(seed);
    // of few digits, so that nothing that is compared becomes equal by rounding alone
    const drawn = (length: number): number[] =>
      Array.from({ length }, () =>
        halfOf(halfBits(positive ? 0.5 + Math.abs(random.normal()) : random.normal())),
      );
    const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
    const feeds = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, drawn(count(shape))]));
    const result = full(of(...inputs.map(half)));
    const loss = reduceSum(multiply(result, constant(drawn(count(result.shape)), result.shape)));
    const results = [result, ...differentiate(loss, inputs)];
    const names = marks.map(({ name }) => name);
    const converted = withCasts(simplify(results, standardRules, names));
    expect(topological(converted).some(({ type }) => type === 'float16')).toBe(true);
    const wanted = interpret(results, feeds);
    for (const got of [
      await runInOnnxruntime(converted, feeds),
      await runInOnnxruntime(converted, feeds, roundedModel),
    ])
      wanted.forEach(({ data }, i) => {
        const largest = Math.max(1, ...data.map(Math.abs));
        const apart = Math.max(...data.map((value, j) => Math.abs(value - (got[i]?.[j] ?? Number.NaN))));
        expect(apart / largest).toBeLessThan(tolerance);
      });
  },
);
