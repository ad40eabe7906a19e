import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { crossEntropy, type LossSettings, lossOf, ranksOf } from '../../../src/core/heads/loss.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { interpret } from '../../support/reference/interpret.ts';

const logits = input('logits', [2, 3]);
const target = oneHot(input('labels', [2], 'int32'), 3);
const feeds = { logits: [1000, 0, -1000, 1, 2, 3], labels: [1, 2] };

describe('cross-entropy', () => {
  it('is −ln of the label’s probability, without overflow', () => {
    const last = -Math.log(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));
    expect(interpret([crossEntropy(logits, target)], feeds)[0]?.data[0]).toBeCloseTo((1000 + last) / 2, 9);
  });

  it('smooths labels towards all classes', () => {
    const even = { logits: [0, 0, 0, 0, 0, 0], labels: [0, 1] };
    expect(interpret([crossEntropy(logits, target, 0.3)], even)[0]?.data[0]).toBeCloseTo(Math.log(3), 12);
    const [plain, smooth] = interpret(
      [crossEntropy(logits, target), crossEntropy(logits, target, 0.3)],
      feeds,
    );
    const all = (0 + 1000 + 2000 + 2.407605964 + 1.407605964 + 0.407605964) / 6;
    expect(smooth?.data[0]).toBeCloseTo(0.7 * (plain?.data[0] ?? 0) + 0.3 * all, 6);
  });
});

it('a rank is how many classes are above the label’s', () => {
  const equal = { logits: [5, 5, 5, 1, 2, 3], labels: [1, 0] };
  expect([...(interpret([ranksOf(logits, target)], feeds)[0]?.data ?? [])]).toEqual([1, 0]);
  expect([...(interpret([ranksOf(logits, target)], equal)[0]?.data ?? [])]).toEqual([0, 2]);
});

const mild = { logits: [0.3, -1.2, 2, 0.5, 0.1, -0.4], labels: [0, 2] };
/** −ln of the label's probability of each picture, by definition. */
const each = [0, 1].map((i) => {
  const row = mild.logits.slice(3 * i, 3 * i + 3);
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return -Math.log(Math.exp(row[mild.labels[i] ?? 0] ?? 0) / total);
});
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const weighed = (x: number, gamma: number): number => (1 - Math.exp(-x)) ** gamma * x;

describe.each([0, 0.5, 2, 5])('the focal loss with γ = %d', (gamma) => {
  it.each<[LossSettings & { kind: 'focal' }, number]>([
    [{ kind: 'focal', gamma, form: 'sample' }, mean(each.map((x) => weighed(x, gamma)))],
    [{ kind: 'focal', gamma, form: 'batch' }, weighed(mean(each), gamma)],
  ])('$form: is what it is defined as', (settings, wanted) => {
    expect(interpret([lossOf(logits, target, settings)], mild)[0]?.data[0]).toBeCloseTo(wanted, 12);
  });

  it.each(['sample', 'batch'] as const)('%s: stays finite where all is sure, right or wrong', (form) => {
    for (const sure of [
      [90, 0, 0, 0, 0, 90],
      [-90, 0, 0, 0, 0, -90],
    ]) {
      const loss = lossOf(logits, target, { kind: 'focal', gamma, form });
      const [value, derivative] = interpret([loss, ...differentiate(loss, [logits])], {
        ...mild,
        logits: sure,
      });
      for (const number of [...(value?.data ?? []), ...(derivative?.data ?? [])])
        expect(Number.isFinite(number)).toBe(true);
    }
  });
});

it.each<LossSettings>([
  { kind: 'cross-entropy', smoothing: 0.1 },
  { kind: 'focal', gamma: 0.5, form: 'sample' },
  { kind: 'focal', gamma: 2, form: 'sample' },
  { kind: 'focal', gamma: 2, form: 'batch' },
])('$kind $form: has a true derivative', (settings) => {
  const loss = lossOf(logits, target, settings);
  const [derivative] = interpret(differentiate(loss, [logits]), mild);
  const random = seededRandom(3);
  const direction = mild.logits.map(() => random.normal());
  const at = (h: number): number =>
    interpret([loss], { ...mild, logits: mild.logits.map((x, i) => x + h * (direction[i] ?? 0)) })[0]
      ?.data[0] ?? Number.NaN;
  const ours = direction.reduce((sum, d, i) => sum + d * (derivative?.data[i] ?? Number.NaN), 0);
  expect(Math.abs(ours - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-8);
  expect(Math.abs(ours)).toBeGreaterThan(1e-3);
});

it('the two focal forms are different functions', () => {
  const values = (['sample', 'batch'] as const).map(
    (form) => interpret([lossOf(logits, target, { kind: 'focal', gamma: 2, form })], mild)[0]?.data[0] ?? 0,
  );
  expect(Math.abs((values[0] ?? 0) - (values[1] ?? 0))).toBeGreaterThan(1e-3);
});
