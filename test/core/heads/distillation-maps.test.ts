import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { type Distillation, givenOf, taughtBy } from '../../../src/core/heads/distillation.ts';
import { factorLoss, flowLoss } from '../../../src/core/heads/distillation-maps.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
/** What PyTorch made of it: test/fixtures/make_distillation_golden.py. */
interface Golden {
  readonly flows: readonly {
    readonly own: readonly Numbers[];
    readonly theirs: readonly Numbers[];
    readonly value: number;
    readonly gradients: readonly (readonly number[])[];
  }[];
  readonly factors: readonly {
    readonly share: number;
    readonly own: Numbers;
    readonly theirs: Numbers;
    readonly weights: Readonly<Record<string, Numbers>>;
    readonly loss: number;
    readonly rebuilt: number;
    readonly gradient: readonly number[];
    readonly gradients: Readonly<Record<string, readonly number[]>>;
  }[];
}
const file = new URL('../../fixtures/distillation-maps.json', import.meta.url);
const { flows, factors } = JSON.parse(readFileSync(file, 'utf8')) as Golden;

function off(got: ArrayLike<number> | undefined, wanted: readonly number[]): number {
  expect(got?.length).toBe(wanted.length);
  const size = Math.max(1e-3, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs((got?.[i] ?? Number.NaN) - value))) / size;
}

type Feeds = Record<string, readonly number[]>;

async function expectBoth(results: Value[], feeds: Feeds, wanted: (readonly number[])[]): Promise<void> {
  for (const [i, { data }] of interpret(results, feeds).entries())
    expect(off(data, wanted[i] ?? [])).toBeLessThan(1e-8);
  for (const [i, data] of (await runInOnnxruntime(results, feeds)).entries())
    expect(off(data, wanted[i] ?? [])).toBeLessThan(1e-4);
}

describe('flow from map to map', () => {
  it.each(flows)('is PyTorch’s, with its derivatives: $value', async ({ own, theirs, value, gradients }) => {
    const maps = (side: string, all: readonly Numbers[]) =>
      all.map(({ shape }, i) => input(`${side}${i}`, shape));
    const students = maps('own', own);
    const loss = flowLoss(students, maps('their', theirs));
    const feeds = Object.fromEntries([
      ...own.map(({ data }, i) => [`own${i}`, data] as const),
      ...theirs.map(({ data }, i) => [`their${i}`, data] as const),
    ]);
    await expectBoth([loss, ...differentiate(loss, students)], feeds, [[value], ...gradients]);
  });
});

describe('factors', () => {
  it.each(factors)('are PyTorch’s, with their derivatives: $share', async (golden) => {
    const { share, own, theirs, weights } = golden;
    const net = openNet(true);
    const s = input('own', own.shape);
    const { loss, rebuilt } = factorLoss(net, s, input('theirs', theirs.shape), share);
    expect(net.parameters.map(({ name, shape }) => [name, shape]).toSorted()).toEqual(
      Object.entries(weights)
        .map(([name, { shape }]) => [name, shape])
        .toSorted(),
    );
    const by = net.parameters.map(({ value }) => value);
    const mine = (name: string): boolean => name.startsWith('translator');
    // each side learns of its own loss alone
    const [ofLoss, ofRebuilt] = [differentiate(loss, [s, ...by]), differentiate(rebuilt, [s, ...by])];
    const wanted = (which: (name: string) => boolean): (readonly number[])[] =>
      net.parameters.map(({ name }) => {
        const gradient = golden.gradients[name] ?? [];
        return which(name) ? gradient : gradient.map(() => 0);
      });
    const feeds = Object.fromEntries([
      ...[['own', own.data] as const, ['theirs', theirs.data] as const],
      ...Object.entries(weights).map(([name, { data }]) => [name, data] as const),
    ]);
    await expectBoth([loss, rebuilt, ...ofLoss, ...ofRebuilt], feeds, [
      ...[[golden.loss], [golden.rebuilt], golden.gradient, ...wanted(mine)],
      ...[own.data.map(() => 0), ...wanted((name) => !mine(name))],
    ]);
  });
});

const none: Distillation = {
  ...{ embedding: 4, softTargets: null, features: null, distances: null },
  ...{ angles: null, neighbours: null, similarities: null },
  maps: [
    { name: 'early', channels: 3, side: 4 },
    { name: 'late', channels: 2, side: 2 },
  ],
  ...{ flow: null, factors: null },
};
const x = input('x', [2, 4]);
const own = new Map([
  ['stem', input('stem', [2, 3, 8, 8])],
  ['middle', input('middle', [2, 3, 8, 8])],
  ['end', input('end', [2, 5, 4, 4])],
]);

describe('a teacher’s maps', () => {
  it('are asked for where something is learnt of them', () => {
    expect(givenOf(none, 2, 9)).toEqual([]);
    const early = { name: 'teacher-map:early', shape: [2, 3, 4, 4] };
    const late = { name: 'teacher-map:late', shape: [2, 2, 2, 2] };
    const flow = { weight: 1, student: null, teacher: ['early', 'late'] };
    expect(givenOf({ ...none, flow }, 2, 9)).toEqual([early, late]);
    const lesson = { weight: 1, student: null, teacher: 'late', share: 0.5, after: 0 };
    expect(givenOf({ ...none, factors: lesson }, 2, 9)).toEqual([late]);
  });

  it('are met by a layer of their own where channels differ: the first and the last, or those that are named', () => {
    const adapters = (student: readonly string[] | null): unknown => {
      const net = openNet(true);
      const flow = { weight: 1, student, teacher: ['early', 'late'] };
      taughtBy(net, { ...none, flow }, x, x, own);
      return net.parameters.map(({ name, shape }) => [name, shape]);
    };
    expect(adapters(null)).toEqual([['adapter.flow1.weight', [2, 5, 1, 1]]]);
    expect(adapters(['end', 'middle'])).toEqual([
      ['adapter.flow0.weight', [3, 5, 1, 1]],
      ['adapter.flow1.weight', [2, 3, 1, 1]],
    ]);
  });

  it('are told as factors after so many batches, and the paraphraser’s own part is told from the first', () => {
    const factorsAfter = (after: number) => {
      const net = openNet(true);
      const lesson = { weight: 3, student: 'end', teacher: 'late', share: 0.5, after };
      const { loss, figures } = taughtBy(net, { ...none, factors: lesson }, x, x, own);
      const numbers = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i * i + 1));
      const feeds = (batches: number): Feeds => ({
        ...{ end: numbers(160), 'teacher-map:late': numbers(16), 'translator.batches': [batches] },
        ...Object.fromEntries(
          net.parameters.map(({ name, shape }) => [name, numbers(shape.reduce((a, b) => a * b, 1))] as const),
        ),
      });
      const counter = net.running.find(({ name }) => name === 'translator.batches');
      return (batches: number): number[] =>
        interpret(
          [loss, figures['factors'] ?? loss, figures['paraphraser'] ?? loss, counter?.next ?? loss],
          feeds(batches),
        ).map(({ data }) => Number(data[0]));
    };
    const late = factorsAfter(2);
    const [before, at] = [late(1), late(2)];
    expect(before[1]).toBe(0);
    expect(at[1]).toBeGreaterThan(0);
    expect(before[2]).toBeGreaterThan(0);
    expect(before[0]).toBeCloseTo(before[2] ?? 0, 9);
    expect(at[0]).toBeCloseTo(3 * (at[1] ?? 0) + (at[2] ?? 0), 9);
    expect([before[3], at[3]]).toEqual([2, 3]);
    expect(factorsAfter(0)(0)[1]).toBeGreaterThan(0);
  });
});
