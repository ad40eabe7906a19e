import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import {
  angleLoss,
  type Distillation,
  distanceLoss,
  featureLoss,
  givenOf,
  neighbourLoss,
  similarityLoss,
  softTargetLoss,
  taughtBy,
} from '../../../src/core/heads/distillation.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

/** What PyTorch made of it: test/fixtures/make_distillation_golden.py. */
interface Golden {
  readonly pictures: number;
  readonly cases: readonly {
    readonly loss: 'softTargets' | 'features' | 'distances' | 'angles' | 'neighbours' | 'similarities';
    readonly settings: { readonly temperature?: number; readonly of?: 'raw' | 'unit' };
    readonly own: readonly number[];
    readonly theirs: readonly number[];
    readonly value: number;
    readonly gradient: readonly number[];
  }[];
}
const file = new URL('../../fixtures/distillation.json', import.meta.url);
const { pictures, cases } = JSON.parse(readFileSync(file, 'utf8')) as Golden;

const losses: Readonly<
  Record<string, (s: Value, t: Value, settings: Golden['cases'][0]['settings']) => Value>
> = {
  softTargets: (s, t, { temperature = 4 }) => softTargetLoss(s, t, temperature),
  features: (s, t, { of = 'unit' }) => featureLoss(s, t, of),
  distances: distanceLoss,
  angles: angleLoss,
  neighbours: neighbourLoss,
  similarities: similarityLoss,
};

function off(got: ArrayLike<number> | undefined, wanted: readonly number[]): number {
  expect(got?.length).toBe(wanted.length);
  const size = Math.max(1e-3, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs((got?.[i] ?? Number.NaN) - value))) / size;
}

describe.each(cases)('$loss $settings', ({ loss: name, settings, own, theirs, value, gradient }) => {
  const s = input('s', [pictures, own.length / pictures]);
  const t = input('t', [pictures, theirs.length / pictures]);
  const loss = losses[name]?.(s, t, settings) ?? s;
  const results = [loss, ...differentiate(loss, [s])];

  it('is PyTorch’s in float64, with its derivative', () => {
    const [got, by] = interpret(results, { s: own, t: theirs }).map(({ data }) => data);
    expect(off(got, [value])).toBeLessThan(1e-9);
    expect(off(by, gradient)).toBeLessThan(1e-8);
  });

  it('is the same in onnxruntime', async () => {
    const [got, by] = await runInOnnxruntime(results, { s: own, t: theirs });
    expect(off(got, [value])).toBeLessThan(1e-5);
    expect(off(by, gradient)).toBeLessThan(1e-4);
  });
});

const none: Distillation = {
  ...{ embedding: 7, softTargets: null, features: null, distances: null },
  ...{ angles: null, neighbours: null, similarities: null },
  ...{ maps: [], flow: null, factors: null },
};
const zeros = (length: number): number[] => Array.from({ length }, () => 0);

describe('a teacher', () => {
  it('is asked for no more than it has to tell', () => {
    expect(givenOf(none, 4, 9)).toEqual([]);
    expect(givenOf({ ...none, angles: { weight: 1 } }, 4, 9)).toEqual([{ name: 'teacher', shape: [4, 7] }]);
    expect(givenOf({ ...none, softTargets: { weight: 1, temperature: 4 } }, 4, 9)).toEqual([
      { name: 'teacher-logits', shape: [4, 9] },
    ]);
  });

  it('of the same network has nothing to add, and no derivative', () => {
    const numbers = Array.from({ length: 42 }, (_, i) => Math.sin(i * i + 1));
    const x = input('x', [6, 7]);
    const all = { weight: 3 };
    const plan: Distillation = {
      ...{ embedding: 7, softTargets: { ...all, temperature: 4 }, features: { ...all, of: 'raw' } },
      ...{ distances: all, angles: all, neighbours: all, similarities: all },
      ...{ maps: [], flow: null, factors: null },
    };
    const { loss, figures } = taughtBy(openNet(true), plan, x, x);
    expect(Object.keys(figures)).toHaveLength(6);
    const feeds = { x: numbers, teacher: numbers, 'teacher-logits': numbers };
    const [value, by] = interpret([loss, ...differentiate(loss, [x])], feeds).map(({ data }) => data);
    expect(off(value, [0])).toBeLessThan(1e-9);
    expect(off(by, zeros(42))).toBeLessThan(1e-4); // of a thousandth: what keeps PKT's logarithm away from 0
  });

  it('with a longer embedding is met by a layer of its own; the parts are weighed and told one by one', () => {
    const net = openNet(true);
    const x = input('x', [2, 3]);
    const plan: Distillation = { ...none, features: { weight: 5, of: 'raw' } };
    const { loss, figures } = taughtBy(net, plan, x, x);
    expect(net.parameters.map(({ name, shape }) => [name, shape])).toEqual([['adapter.weight', [7, 3]]]);
    const weight = Array.from({ length: 21 }, (_, i) => i / 10);
    const feeds = { x: [1, 0, 0, 0, 1, 0], teacher: zeros(14), 'adapter.weight': weight };
    const squares = weight.filter((_, i) => i % 3 < 2).reduce((sum, w) => sum + w * w, 0) / 14;
    const [value, part] = interpret([loss, figures['features'] ?? loss], feeds).map(({ data }) => data);
    expect(off(value, [5 * squares])).toBeLessThan(1e-9);
    expect(off(part, [squares])).toBeLessThan(1e-9);
  });
});
