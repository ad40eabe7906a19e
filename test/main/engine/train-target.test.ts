import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { blockedRule } from '../../../src/core/compile/rules.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { convFilterGradient } from '../../../src/core/ops/conv-filter-gradient.ts';
import { convAttributes } from '../../../src/core/ops/conv-shape.ts';
import { detectBlock } from '../../../src/main/engine/train-target.ts';
import { type Feeds, interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

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
