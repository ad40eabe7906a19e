import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { HeadSettings } from '../../../src/core/heads/head.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { crossEntropy } from '../../../src/core/heads/loss.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { add } from '../../../src/core/ops/add.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

/** What PyTorch made of a head: test/fixtures/make_pairs_golden.py. */
interface Golden {
  readonly width: number;
  readonly classes: number;
  readonly cases: readonly {
    readonly case: string;
    readonly head: string;
    readonly settings: HeadSettings;
    readonly labels: readonly number[];
    readonly features: readonly number[];
    readonly zeros?: readonly number[];
    readonly given?: Readonly<Record<string, readonly number[]>>;
    readonly next?: readonly number[];
    readonly loss: number;
    readonly gradient: readonly number[];
  }[];
}

const file = new URL('../../fixtures/pair-heads.json', import.meta.url);
const { width, classes, cases } = JSON.parse(readFileSync(file, 'utf8')) as Golden;

/** A head on embeddings, with what is fed. */
function built(name: string, settings: HeadSettings, numbers: readonly number[], of: readonly number[]) {
  const head = heads.find((one) => one.name === name);
  if (!head) throw new Error(`no head ${name}`);
  const net = openNet(true);
  const x = input('x', [of.length, width]);
  const labels = input('labels', [of.length], 'int32');
  const target = oneHot(labels, classes);
  const values = head.build(net, x, target, settings, labels);
  return { net, x, target, ...values, feeds: { x: numbers, labels: of } };
}

function off(got: ArrayLike<number> | undefined, wanted: readonly number[]): number {
  expect(got?.length).toBe(wanted.length);
  const size = Math.max(1e-3, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs((got?.[i] ?? Number.NaN) - value))) / size;
}

describe.each(cases)('$head $settings, $case', (golden) => {
  const { net, x, target, logits, pairs, extra, feeds } = built(
    golden.head,
    golden.settings,
    golden.features,
    golden.labels,
  );
  const plain = pairs?.loss ?? crossEntropy(logits, target);
  const loss = extra === undefined ? plain : add(plain, extra);
  const next = net.running.flatMap((one) => (one.next ? [one.next] : []));
  const results = [loss, ...differentiate(loss, [x]), ...next];
  const all = { ...feeds, ...golden.given, 'pairs.drawn': golden.zeros ?? [] };

  const check = ([value, gradient, centres]: readonly ArrayLike<number>[], tolerance: number): void => {
    expect(Math.abs((value?.[0] ?? Number.NaN) - golden.loss)).toBeLessThan(tolerance);
    expect(off(gradient, golden.gradient)).toBeLessThan(tolerance);
    if (golden.next) expect(off(centres, golden.next)).toBeLessThan(tolerance);
  };
  it('is what PyTorch makes of it', () => {
    check(
      interpret(results, all).map(({ data }) => data),
      1e-8,
    );
  });
  it('is that in onnxruntime too', async () => {
    // where all are alike, distances are differences of nearly equal numbers
    check(await runInOnnxruntime(results, all), golden.case === 'all hard' ? 1e-3 : 1e-4);
  });
});

describe.each(heads.filter(({ compares }) => compares === 'pictures'))(
  'what $title tells of pictures',
  (head) => {
    // two of the first, two of the second, one alone
    const of = [0, 3, 0, 3, 5];
    const points = [0, 10, 20, 45, 90].map((degrees) => (degrees * Math.PI) / 180);
    const numbers = points.flatMap((angle) => [2 * Math.cos(angle), 2 * Math.sin(angle), 0, 0, 0]);
    const { cosines, probes, pairs, logits, feeds } = built(head.name, {}, numbers, of);
    const results = interpret([cosines, probes, pairs?.ranks ?? logits, pairs?.others ?? logits], feeds);
    const [own, some, ranks, others] = results.map(({ data }) => [...data]);

    it('is how near the own identity is, and who is nearer; nothing of one that is alone', () => {
      const at = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
      [at(20), at(35), at(20), at(35)].forEach((cosine, i) => {
        expect(own?.[i]).toBeCloseTo(cosine, 6);
      });
      // the second's own is 35° away, and both others are 10° away
      expect(ranks?.slice(0, 4)).toEqual([1, 2, 1, 1]);
      expect([own?.[4], ranks?.[4]]).toEqual([Number.NaN, Number.NaN]);
    });

    it('is cosines to pictures, and which of them are of others', () => {
      expect(some?.[1]).toBeCloseTo(Math.cos((10 * Math.PI) / 180), 6);
      expect(others?.slice(0, 5)).toEqual([0, 1, 0, 1, 1]);
      expect(others?.slice(20)).toEqual([1, 1, 1, 1, 0]);
    });
  },
);

it('every preset of these heads is proven', () => {
  for (const { name, presets } of heads.filter((head) => cases.some((one) => one.head === head.name))) {
    const proven = cases.flatMap((one) => (one.head === name ? [one.settings] : []));
    for (const preset of Object.values(presets)) expect(proven).toContainEqual(preset);
  }
});

it('triplets in blocks are the same as in one', async () => {
  const n = 180; // 180³ numbers are more than a block
  const of = Array.from({ length: n }, (_, i) => i % classes);
  const numbers = Array.from({ length: n * width }, (_, i) => Math.sin(i * i + 1));
  const settings: HeadSettings = { margin: 0.2, mining: 'semi-hard', squared: true };
  const { pairs, feeds } = built('triplet', settings, numbers, of);
  const [loss] = await runInOnnxruntime(pairs ? [pairs.loss] : [], feeds);
  const unit = (i: number): number[] => {
    const row = numbers.slice(i * width, (i + 1) * width);
    return row.map((value) => value / Math.hypot(...row));
  };
  const rows = Array.from({ length: n }, (_, i) => unit(i));
  const d = rows.map((a) =>
    rows.map((b) => a.reduce((sum, value, k) => sum + (value - (b[k] ?? 0)) ** 2, 0)),
  );
  let [sum, count] = [0, 0];
  for (let a = 0; a < n; a++) {
    const far = d[a]?.filter((_, k) => of[k] !== of[a]) ?? [];
    for (let p = 0; p < n; p++) {
      if (p === a || of[p] !== of[a]) continue;
      const own = d[a]?.[p] ?? 0;
      const beyond = far.filter((other) => other > own);
      sum += Math.max(0, own - (beyond.length > 0 ? Math.min(...beyond) : Math.max(...far)) + 0.2);
      count++;
    }
  }
  expect(loss?.[0]).toBeCloseTo(sum / count, 5);
});
