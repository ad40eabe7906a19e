import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import type { HeadSettings } from '../../../src/core/heads/head.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { crossEntropy } from '../../../src/core/heads/loss.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { add } from '../../../src/core/ops/add.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { constantOf } from '../../support/reference/constant.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

type Named = Readonly<Record<string, readonly number[]>>;
type States = Readonly<Record<string, number>>;

/** What PyTorch made of a head: test/fixtures/make_heads_golden.py. */
interface Golden {
  readonly batch: number;
  readonly width: number;
  readonly classes: number;
  readonly cases: readonly {
    readonly case: string;
    readonly head: string;
    readonly settings: HeadSettings;
    readonly labels: readonly number[];
    readonly features: readonly number[];
    readonly given: Named;
    readonly state: States;
    readonly logits: readonly number[];
    readonly loss: number;
    readonly gradients: Named;
    readonly next: States;
  }[];
}

const file = new URL('../../fixtures/heads.json', import.meta.url);
const { batch, width, classes, cases } = JSON.parse(readFileSync(file, 'utf8')) as Golden;

/** The largest difference, relative to the largest number, or to `least` where that is smaller. */
function off(got: ArrayLike<number> | undefined, wanted: readonly number[], least = 1e-12): number {
  expect(got?.length).toBe(wanted.length);
  const size = Math.max(least, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((x, i) => Math.abs((got?.[i] ?? Number.NaN) - x))) / size;
}

describe.each(cases)('$head $settings, $case', (golden) => {
  const head = heads.find(({ name }) => name === golden.head);
  if (!head) throw new Error(`no head ${golden.head}`);
  const net = openNet(true);
  const features = input('features', [batch, width]);
  const labels = input('labels', [batch], 'int32');
  const target = oneHot(labels, classes);
  const { logits, extra } = head.build(net, features, target, golden.settings, labels);
  const plain = crossEntropy(logits, target);
  const loss = extra === undefined ? plain : add(plain, extra);
  const gradients = differentiate(loss, [features, ...net.parameters.map(({ value }) => value)]);
  const names = ['features', ...net.parameters.map(({ name }) => name)];
  const feeds: Record<string, ArrayLike<number>> = {
    ...{ features: golden.features, labels: golden.labels },
    ...golden.given,
    ...Object.fromEntries(
      net.running.map(({ name, initial }) => [name, [golden.state[name] ?? constantOf(initial)]]),
    ),
  };
  const states = net.running.flatMap(({ next }): Value[] => (next ? [next] : []));
  const results = [logits, loss, ...gradients, ...states];

  const check = (
    [gotLogits, gotLoss, ...rest]: readonly ArrayLike<number>[],
    [ofLogits, ofGradients]: readonly [number, number],
    least?: number,
  ): void => {
    expect(off(gotLogits, golden.logits)).toBeLessThan(ofLogits);
    expect(Math.abs((gotLoss?.[0] ?? Number.NaN) - golden.loss) / Math.max(1, golden.loss)).toBeLessThan(
      ofLogits * 10,
    );
    expect(names.toSorted()).toEqual(Object.keys(golden.gradients).toSorted());
    for (const [i, name] of names.entries())
      expect(off(rest[i], golden.gradients[name] ?? [], least), name).toBeLessThan(ofGradients);
    expect(net.running.map(({ name }) => name).toSorted()).toEqual(Object.keys(golden.next).toSorted());
    for (const [i, { name }] of net.running.entries())
      expect(off(rest[names.length + i], [golden.next[name] ?? Number.NaN]), name).toBeLessThan(ofLogits);
  };

  it('is what PyTorch computes, in double precision', () => {
    const got = interpret(results, feeds).map(({ data }) => data);
    // of a cosine of ±1 the root counts as 1e-5
    check(got, golden.case === 'cosines of ±1' ? [1e-5, 1e-5] : [1e-6, 1e-6]);
  });

  it('is what PyTorch computes, by onnxruntime', async () => {
    // where all is recognised, 1 − p is what float32 leaves of it, times the scale: 30 · 6e-8
    check(await runInOnnxruntime(results, feeds), [1e-5, 1e-4], 0.02);
  });
});

it('has every preset of every head', () => {
  const proven = cases.map(({ head, settings }) =>
    JSON.stringify([head, Object.entries(settings).toSorted()]),
  );
  // those in pairs.test.ts apart
  const elsewhere = ['centre', 'triplet', 'contrastive'];
  for (const { name, presets } of heads.filter((head) => !elsewhere.includes(head.name))) {
    for (const { start, ...settings } of Object.values(presets))
      expect(proven).toContain(JSON.stringify([name, Object.entries(settings).toSorted()]));
  }
});
