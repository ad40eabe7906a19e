import { describe, expect, it } from 'vitest';
import { ir18 } from '../../../src/core/backbones/ir.ts';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { standardRules } from '../../../src/core/compile/rules-standard.ts';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { arcface } from '../../../src/core/heads/arcface.ts';
import { logSoftmax } from '../../../src/core/ops/log-softmax.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { interpret } from '../../support/reference/interpret.ts';

const wave = (shape: Shape, size = 1): Float64Array =>
  Float64Array.from({ length: count(shape) }, (_, i) => size * Math.sin(3 * i + 1));
const [a, b, c, d] = [input('a', [2, 4, 3]), input('b', [2, 5, 4]), input('c', [5, 4]), input('d', [5, 3])];
const labels = input('labels', [4], 'int32');
const feeds = {
  ...{ a: wave([2, 4, 3]), b: wave([2, 5, 4]), c: wave([5, 4]), d: wave([5, 3], 200) },
  labels: [2, 0, 6, 5],
};

const simplified = (value: Value): Value => simplify([value], standardRules)[0] ?? value;
const names = (value: Value): string[] => topological([value]).map(({ op }) => op.name);

describe('each rule', () => {
  it.each<[string, Value, (node: Value) => boolean]>([
    ['a product of transposed batches', matmul(a, b, { ta: true, tb: true }), isTransposedProduct],
    [
      'a product of a batch and a transposed matrix',
      matmul(a, c, { ta: true, tb: true }),
      isTransposedProduct,
    ],
    ['a softmax of large numbers', logSoftmax(d), ({ op }) => op.name === 'logSoftmax'],
    // 6 is outside and has no 1
    ['labels', oneHot(labels, 6), ({ op }) => op.name === 'oneHot'],
  ])('%s is computed by others, and the same', (_, value, refused) => {
    const simple = simplified(value);
    expect(topological([simple]).filter(refused)).toEqual([]);
    const [[wanted], [got]] = [interpret([value], feeds), interpret([simple], feeds)];
    expect(got?.shape).toEqual(wanted?.shape);
    for (const [i, number] of (wanted?.data ?? []).entries())
      expect(Math.abs((got?.data[i] ?? Number.NaN) - number)).toBeLessThan(1e-12);
  });

  it('leaves what every device has', () => {
    expect(names(simplified(matmul(c, d, { ta: true })))).toEqual(['input', 'input', 'matmul']);
    expect(names(simplified(matmul(b, a)))).toEqual(['input', 'input', 'matmul']);
    const many = oneHot(labels, 2 ** 24 + 1);
    expect(standardRules.map((rule) => rule.apply(many)).filter(Boolean)).toEqual([
      { refused: expect.stringContaining('float32') },
    ]);
  });
});

function isTransposedProduct({ op, attributes }: Value): boolean {
  return op.name === 'matmul' && Object.values(attributes).includes(true);
}

it.each([mobilefacenet, ir18])('$name trains with operators of ONNX alone', (backbone) => {
  const plan: TrainingPlan = {
    backbone,
    settings: backbone.defaults,
    size: 48,
    pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
    head: arcface,
    headSettings: {},
    loss: { kind: 'cross-entropy', smoothing: 0 },
    classes: 10,
    batch: 4,
    accumulation: 1,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4, clipNorm: null },
  };
  const { nodes } = compileTraining(plan, { block: null, standard: true }).model.graph;
  expect(nodes.filter(({ domain }) => domain !== '')).toEqual([]);
  expect(nodes.filter(({ op }) => op === 'OneHot' || op === 'LogSoftmax')).toEqual([]);
});
