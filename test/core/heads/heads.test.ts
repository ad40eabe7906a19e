import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { HeadSettings } from '../../../src/core/heads/head.ts';
import { heads as all, classHeads as heads } from '../../../src/core/heads/index.ts';
import { crossEntropy } from '../../../src/core/heads/loss.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { add } from '../../../src/core/ops/add.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { constantOf } from '../../support/reference/constant.ts';
import { interpret } from '../../support/reference/interpret.ts';

const [batch, width, classes] = [6, 4, 5];
const labels = [0, 3, 1, 4, 2, 2];
const random = seededRandom(5);
const features = Float64Array.from({ length: batch * width }, random.normal);
const weights = Float64Array.from({ length: classes * width }, random.normal);
// the first feature opposite to its class, so that θ + m goes beyond π
for (let i = 0; i < width; i++) features[i] = -2 * (weights[i] ?? 0) + 0.05 * i;

/** Numbers for a parameter; a class's further centres are about its weight. */
function numbersOf(name: string, length: number): ArrayLike<number> {
  if (name === 'classes.margin') return Float64Array.from({ length }, (_, i) => 0.3 + 0.02 * i);
  if (name === 'classes.bias') return Float64Array.from({ length }, (_, i) => 0.1 * i);
  const centres = length / weights.length;
  return Float64Array.from({ length }, (_, at) => {
    const [row, k] = [Math.floor(at / width), at % width];
    const own = weights[Math.floor(row / centres) * width + k] ?? 0;
    return own + 0.4 * (row % centres) * Math.cos(row + k);
  });
}

/** A head with its loss, and the numbers to feed. */
function set(name: string, settings: HeadSettings) {
  const head = heads.find((one) => one.name === name);
  if (!head) throw new Error(`no head ${name}`);
  const net = openNet(true);
  const x = input('x', [batch, width]);
  const named = input('labels', [batch], 'int32');
  const target = oneHot(named, classes);
  const values = head.build(net, x, target, settings, named);
  const feeds: Record<string, ArrayLike<number>> = { x: features, labels };
  for (const { name: parameter, shape } of net.parameters)
    feeds[parameter] = numbersOf(
      parameter,
      shape.reduce((a, b) => a * b, 1),
    );
  for (const { name: state, shape, initial } of net.running)
    feeds[state] = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(constantOf(initial));
  return { net, x, target, ...values, feeds };
}

const row = (data: ArrayLike<number>, i: number): number[] =>
  Array.from(data).slice(i * width, (i + 1) * width);
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** cos between feature i and class j, by definition: to the nearest of its centres. */
function cosine(i: number, j: number, of: ArrayLike<number> = weights): number {
  const centres = of.length / weights.length;
  const f = row(features, i);
  const each = Array.from({ length: centres }, (_, k) => row(of, j * centres + k));
  return Math.max(...each.map((w) => dot(f, w) / Math.sqrt(dot(f, f) * dot(w, w))));
}

/** What the papers say a target's logit is; heads that do more are held against PyTorch (golden.test.ts). */
const definitions: readonly [string, string, HeadSettings, (c: number) => number][] = [
  [
    'arcface',
    'a line beyond π',
    { scale: 64, margin: 0.5, fallback: 'line' },
    (c) => (Math.acos(c) + 0.5 < Math.PI ? Math.cos(Math.acos(c) + 0.5) : c - 0.5 * Math.sin(0.5)),
  ],
  [
    'arcface',
    'nothing beyond π',
    { scale: 32, margin: 0.35, fallback: 'none' },
    (c) => (Math.acos(c) + 0.35 < Math.PI ? Math.cos(Math.acos(c) + 0.35) : c),
  ],
  [
    'arcface',
    'the easy margin',
    { scale: 64, margin: 0.5, easy: true },
    (c) => (c > 0 ? Math.cos(Math.acos(c) + 0.5) : c),
  ],
  ['cosface', 'a margin of the cosine', { scale: 64, margin: 0.35 }, (c) => c - 0.35],
];

describe.each(definitions)('%s with %s', (name, _, settings, margin) => {
  it('has the logits of its definition', () => {
    const { logits, feeds } = set(name, settings);
    const [got] = interpret([logits], feeds);
    got?.data.forEach((value, at) => {
      const [i, j] = [Math.floor(at / classes), at % classes];
      const c = cosine(i, j);
      expect(value).toBeCloseTo((settings.scale ?? 0) * (j === labels[i] ? margin(c) : c), 9);
    });
  });

  it('draws them as it builds them', () => {
    const target = heads.find((head) => head.name === name)?.target;
    for (let c = -1; c <= 1; c += 0.01)
      expect(target?.(settings, c)).toBeCloseTo((settings.scale ?? 0) * margin(c), 9);
  });
});

describe.each(
  heads.flatMap(({ name, held, presets }) =>
    Object.entries(presets).map(([from, s]) => [name, from, s, held.length === 0] as const),
  ),
)('%s of %s', (name, _, settings, free) => {
  // a scale that is fixed holds nothing
  const isTrue = free || settings.dynamic === false;
  it(isTrue ? 'has a true derivative through the loss' : 'holds as constants what it says', () => {
    const { net, x, target, logits, extra, feeds } = set(name, settings);
    const plain = crossEntropy(logits, target, 0.1);
    const loss = extra === undefined ? plain : add(plain, extra);
    const by = [x, ...net.parameters.map(({ value }) => value)];
    const names = ['x', ...net.parameters.map((parameter) => parameter.name)];
    const gradients = interpret(differentiate(loss, by), feeds);
    const directions = gradients.map(({ data }) => data.map(() => random.normal()));
    const at = (h: number): number => {
      const moved = names.map((parameter, i) => {
        const from = Array.from(feeds[parameter] ?? []);
        return [parameter, from.map((value, k) => value + h * (directions[i]?.[k] ?? 0))] as const;
      });
      return interpret([loss], { ...feeds, ...Object.fromEntries(moved) })[0]?.data[0] ?? Number.NaN;
    };
    const measured = (at(1e-6) - at(-1e-6)) / 2e-6;
    const ours = gradients.reduce((sum, { data }, i) => {
      return data.reduce((inner, value, k) => inner + value * (directions[i]?.[k] ?? 0), sum);
    }, 0);
    const off = Math.abs(ours - measured) / Math.max(1, Math.abs(measured));
    if (isTrue) expect(off).toBeLessThan(1e-6);
    else expect(off).toBeGreaterThan(1e-4);
    expect(Math.abs(ours)).toBeGreaterThan(1e-3);
  });
});

describe.each(heads.map(({ name, presets }) => [name, Object.values(presets)[0] ?? {}] as const))(
  'what %s tells beside its logits',
  (name, settings) => {
    const { cosines, probes, feeds } = set(name, settings);
    const [own, some] = interpret([cosines, probes], feeds);

    it('is the cosine to the own class', () => {
      expect(own?.shape).toEqual([batch]);
      labels.forEach((label, i) => {
        expect(own?.data[i]).toBeCloseTo(cosine(i, label, feeds['classes.weight']), 9);
      });
    });

    it('is the cosines to the first classes', () => {
      expect(some?.shape).toEqual([batch, classes]);
      some?.data.forEach((value, at) => {
        const [i, j] = [Math.floor(at / classes), at % classes];
        expect(value).toBeCloseTo(cosine(i, j, feeds['classes.weight']), 9);
      });
    });
  },
);

it('tells of 64 classes at most', () => {
  for (const head of heads) {
    const two = input('labels', [2], 'int32');
    const { probes, logits } = head.build(openNet(true), input('x', [2, 3]), oneHot(two, 70), {}, two);
    expect([probes.shape, logits.shape]).toEqual([
      [2, 64],
      [2, 70],
    ]);
  }
});

describe.each(all)('the options of $title', ({ presets, options, impossible }) => {
  it('are those of its presets, which are within their limits', () => {
    for (const preset of Object.values(presets)) {
      expect(impossible?.(preset) ?? null).toBeNull();
      expect(options.map(({ name }) => name).toSorted()).toEqual(Object.keys(preset).toSorted());
      for (const option of options) {
        const value = preset[option.name];
        if (option.kind === 'number') {
          expect(value).toBeGreaterThanOrEqual(option.least);
          expect(value).toBeLessThanOrEqual(option.most);
          if (option.whole) expect(Number.isInteger(value)).toBe(true);
        } else if (option.kind === 'choice') expect(option.of).toContain(value);
        else expect(typeof value).toBe('boolean');
      }
    }
  });
});

describe('the expected first loss', () => {
  const of = (name: string, ...rest: Parameters<(typeof heads)[number]['expectedLoss']>): number =>
    heads.find((head) => head.name === name)?.expectedLoss(...rest) ?? Number.NaN;

  it('of Softmax goes to ln C where there are many more classes than dimensions', () => {
    expect(of('softmax', {}, 50_000, 64) / Math.log(50_000)).toBeCloseTo(1, 2);
  });

  it('by cosine is ln C without a scale to speak of, whatever the loss', () => {
    const mild = { scale: 1e-6, margin: 0 };
    const chance = 1 / 100;
    expect(of('cosface', mild, 100, 64)).toBeCloseTo(Math.log(100), 5);
    expect(of('arcface', mild, 100, 64, { kind: 'cross-entropy', smoothing: 0.1 })).toBeCloseTo(
      Math.log(100),
      5,
    );
    for (const form of ['sample', 'batch'] as const)
      expect(of('cosface', mild, 100, 64, { kind: 'focal', gamma: 2, form })).toBeCloseTo(
        (1 - chance) ** 2 * Math.log(100),
        5,
      );
  });

  it('grows by scale and margin', () => {
    const at = (margin: number): number => of('cosface', { scale: 32, margin }, 1000, 512);
    expect(at(0.35) - at(0)).toBeCloseTo(32 * 0.35, 1);
  });
});
