import { describe, expect, it } from 'vitest';
import { defined } from '../../../src/core/base/assert.ts';
import { type OptimizerSettings, optimize } from '../../../src/core/compile/3-optimizer.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { Parameter } from '../../../src/core/layers/net.ts';
import { interpret } from '../../support/reference/interpret.ts';

/** Two parameters of one number: the first decays, the second does not. */
const parameters = ['weight', 'bias'].map(
  (name, i): Parameter => ({
    name,
    shape: [1],
    initial: { kind: 'constant', value: 0 },
    decays: i === 0,
    value: input(name, [1]),
  }),
);
const gradients = [input('gw', [1]), input('gb', [1])];
/** The derivatives of three steps. */
const steps = [
  [3, 4],
  [-1, 2],
  [0.5, -0.25],
] as const;

/** The two parameters after each step from (1, −2), as the graph computes them. */
function run(settings: OptimizerSettings, rate: number): number[][] {
  const { parameters: next, slots } = optimize(parameters, gradients, input('rate', []), settings);
  let state: Record<string, number[]> = { weight: [1], bias: [-2] };
  for (const { name } of slots) state[name] = [0];
  return steps.map(([gw, gb]) => {
    const feeds = { ...state, gw: [gw], gb: [gb], rate: [rate] };
    const results = interpret([...next, ...slots.map((slot) => slot.next)], feeds);
    const names = ['weight', 'bias', ...slots.map(({ name }) => name)];
    state = Object.fromEntries(names.map((name, i) => [name, [...(results[i]?.data ?? [])]]));
    return [defined(state.weight?.[0], 'weight'), defined(state.bias?.[0], 'bias')];
  });
}

function expectClose(got: number[][], wanted: number[][]): void {
  expect(got).toHaveLength(wanted.length);
  got.flat().forEach((value, i) => {
    expect(value).toBeCloseTo(wanted.flat()[i] ?? Number.NaN, 12);
  });
}

const plain = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0, clipNorm: null } as const;

describe('SGD', () => {
  it('without anything goes down the derivative', () => {
    expectClose(run(plain, 0.1), [
      [0.7, -2.4],
      [0.8, -2.6],
      [0.75, -2.575],
    ]);
  });

  it.each([false, true])('with momentum and decay follows its recurrence (Nesterov %s)', (nesterov) => {
    const [m, d, rate] = [0.9, 0.01, 0.1];
    const wanted: number[][] = [];
    const p: [number, number] = [1, -2];
    const v: [number, number] = [0, 0];
    for (const step of steps) {
      for (const i of [0, 1] as const) {
        const g = step[i] + (i === 0 ? d * p[i] : 0);
        v[i] = m * v[i] + g;
        p[i] -= rate * (nesterov ? g + m * v[i] : v[i]);
      }
      wanted.push([...p]);
    }
    expectClose(run({ ...plain, momentum: m, nesterov, weightDecay: d }, rate), wanted);
  });

  it('clips by the norm of all derivatives together', () => {
    // the first step's norm is 5, so a tenth of it is left; the last step's, 0.559, is another
    const got = run({ ...plain, clipNorm: 0.5 }, 1);
    expect(got[0]?.[0]).toBeCloseTo(1 - 0.3, 5);
    expect(got[0]?.[1]).toBeCloseTo(-2 - 0.4, 5);
    const loose = run({ ...plain, clipNorm: 100 }, 0.1);
    expectClose(loose, run(plain, 0.1));
  });
});

it('AdamW follows its recurrence', () => {
  const [b1, b2, e, d, rate] = [0.8, 0.95, 1e-6, 0.1, 0.05];
  const wanted: number[][] = [];
  const p: [number, number] = [1, -2];
  const m: [number, number] = [0, 0];
  const v: [number, number] = [0, 0];
  steps.forEach((step, t) => {
    for (const i of [0, 1] as const) {
      if (i === 0) p[i] *= 1 - rate * d;
      m[i] = b1 * m[i] + (1 - b1) * step[i];
      v[i] = b2 * v[i] + (1 - b2) * step[i] ** 2;
      const hat = m[i] / (1 - b1 ** (t + 1));
      p[i] -= (rate * hat) / (Math.sqrt(v[i] / (1 - b2 ** (t + 1))) + e);
    }
    wanted.push([...p]);
  });
  const settings = {
    kind: 'adamw',
    beta1: b1,
    beta2: b2,
    epsilon: e,
    weightDecay: d,
    clipNorm: null,
  } as const;
  expectClose(run(settings, rate), wanted);
});
