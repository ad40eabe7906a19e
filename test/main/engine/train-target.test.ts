import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { blockedRule } from '../../../src/core/compile/rules-blocked.ts';
import { anyTarget, compileTraining, type Target } from '../../../src/core/compile/training.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { batchNorm } from '../../../src/core/layers/batch-norm.ts';
import { conv2d } from '../../../src/core/layers/conv2d.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import { preluLayer } from '../../../src/core/layers/prelu.ts';
import { flatten } from '../../../src/core/layers/shape.ts';
import { add } from '../../../src/core/ops/add.ts';
import { affine } from '../../../src/core/ops/affine.ts';
import { blockedAffine } from '../../../src/core/ops/blocked-affine.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { convFilterGradient } from '../../../src/core/ops/conv-filter-gradient.ts';
import { convAttributes } from '../../../src/core/ops/conv-shape.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import { detectBlock } from '../../../src/main/engine/train-target.ts';
import { type Feeds, interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';
import { tinyBatch, tinyPlan } from '../../support/reference/tiny.ts';

const block = await detectBlock();

it('finds the same block again', async () => {
  expect([4, 8, 16, null]).toContain(block);
  expect(await detectBlock()).toBe(block);
});

describe.skipIf(block === null)('convolutions in blocks, where the processor has them', () => {
  it.each([
    ['stride 1', { padding: 1, groups: 32 }],
    ['stride 2', { padding: 1, stride: 2, groups: 32 }],
    ['dilated, unevenly padded', { padding: [2, 1, 0, 2], dilation: 2, groups: 32 }],
  ] as const)('%s: are what the definition says', async (_, options) => {
    const random = seededRandom(4);
    const numbers = (length: number) => Float64Array.from({ length }, random.normal);
    const feeds = { x: numbers(2 * 32 * 7 * 6), w: numbers(32 * 9) };
    const plain = conv(input('x', [2, 32, 7, 6]), input('w', [32, 1, 3, 3]), options);
    await same(plain, 'blockedConv', feeds);
    const dy = numbers(count(plain.shape));
    const filters = convFilterGradient(
      input('x', [2, 32, 7, 6]),
      input('dy', plain.shape),
      [32, 1, 3, 3],
      convAttributes(options),
    );
    await same(filters, 'blockedFilterGradient', { ...feeds, dy });
  });
});

it.skipIf(block === null)(
  'multiplies and adds a channel in one pass, and what is added to that',
  async () => {
    const random = seededRandom(6);
    const numbers = (length: number) => Float64Array.from({ length }, random.normal);
    const shape = [2, 3, 4, 8];
    const feeds = { x: numbers(192), a: numbers(3), b: numbers(3), y: numbers(192) };
    const plain = affine(input('x', shape), input('a', [3]), input('b', [3]));
    await same(plain, 'blockedAffine', feeds);
    const sum = add(input('y', shape), plain);
    expect(topological(simplify([sum], [blockedRule(block ?? 8)])).map(({ op }) => op.name)).not.toContain(
      'add',
    );
    await same(sum, 'blockedAffine', feeds);
  },
);

it('refuses, with a reason, pixels left over and a second sum', () => {
  const x = input('x', [2, 3, 3, 3]);
  const [a, b] = [input('a', [3]), input('b', [3])];
  expect(blockedRule(8).apply(affine(x, a, b))).toHaveProperty('refused');
  const y = input('y', [2, 3, 4, 8]);
  const twice = add(y, blockedAffine(y, a, b, 8, y));
  expect(blockedRule(8).apply(twice)).toHaveProperty('refused');
});

/** In blocks, by the operator of that name, as by the definition. */
async function same(plain: Value, op: string, feeds: Feeds): Promise<void> {
  const blocked = simplify([plain], [blockedRule(block ?? 8)]);
  expect(topological(blocked).map((value) => value.op.name)).toContain(op);
  const [got] = await runInOnnxruntime(blocked, feeds);
  for (const [wanted] of [interpret([plain], feeds), interpret(blocked, feeds)])
    wanted?.data.forEach((value, i) => {
      expect(Math.abs((got?.[i] ?? Number.NaN) - value)).toBeLessThan(1e-5);
    });
}

it('leaves convolutions alone that are not depthwise or have channels left over', () => {
  const dense = conv(input('x', [1, 16, 5, 5]), input('w', [16, 16, 3, 3]), {});
  const odd = conv(input('x', [1, 12, 5, 5]), input('w', [12, 1, 3, 3]), { groups: 12 });
  for (const value of [dense, odd]) expect(simplify([value], [blockedRule(8)])).toEqual([value]);
  // a row of pixels is left over by the stride
  const shapes = [input('x', [1, 8, 6, 6]), input('dy', [1, 8, 2, 2])] as const;
  const rest = convFilterGradient(...shapes, [8, 1, 3, 3], convAttributes({ stride: 2, groups: 8 }));
  expect(blockedRule(8).apply(rest)).toHaveProperty('refused');
});

/** Every kind of kernel that a processor has of its own: depthwise, many channels by 3×3, whole blocks of pixels. */
const wide: Backbone = {
  name: 'wide',
  title: 'Wide',
  input: 14,
  defaults: { embedding: 160, dropout: 0 },
  build(net, pictures, settings) {
    let x = conv2d(net, 'a', pictures, { out: 128, kernel: 7 }); // 8×8
    x = preluLayer(net, 'a', batchNorm(net, 'a', x));
    x = add(x, batchNorm(net, 'b', conv2d(net, 'b', x, { out: 128, kernel: 3, padding: 1, groups: 128 })));
    x = preluLayer(net, 'c', batchNorm(net, 'c', conv2d(net, 'c', x, { out: 128, kernel: 3, padding: 1 })));
    return batchNorm(net, 'd', linear(net, 'd', flatten(x), { out: settings.embedding }));
  },
};

describe.skipIf(block === null)('training by the kernels of the processor', () => {
  const plan = { ...tinyPlan, backbone: wide, settings: wide.defaults, classes: 100 };
  const losses = async (target: Target, threads: number) => {
    const trainer = await openTrainer(compileTraining(plan, target), { seed: 1, threads });
    const found: number[] = [];
    for (let step = 0; step < 3; step++) found.push((await trainer.run(tinyBatch(step))).loss);
    const { tensors } = trainer.save();
    await trainer.close();
    return { found, tensors };
  };

  it('gives the same bits again and with two threads, and the losses of any machine', async () => {
    const first = await losses({ block }, 1);
    for (const threads of [1, 2]) {
      const { found, tensors } = await losses({ block }, threads);
      expect(found).toEqual(first.found);
      const other = [...tensors].filter(([name, data]) =>
        data.some((value, i) => value !== first.tensors.get(name)?.[i]),
      );
      expect(other.map(([name]) => name)).toEqual([]);
    }
    const { found } = await losses(anyTarget, 1);
    found.forEach((loss, i) => {
      expect(Math.abs((first.found[i] ?? Number.NaN) - loss)).toBeLessThan(1e-3);
    });
  });

  it('uses all of them', () => {
    const { nodes } = compileTraining(plan, { block }).model.graph;
    const blocked = nodes.filter(({ domain }) => domain === 'com.microsoft.nchwc').map(({ op }) => op);
    expect(new Set(blocked)).toEqual(new Set(['Conv', 'ReorderInput', 'ReorderOutput']));
    expect(nodes.some(({ attributes }) => attributes.has('transBatchB'))).toBe(true);
  });
});
