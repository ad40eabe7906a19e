import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { convFilterGradient } from '../../../src/core/ops/conv-filter-gradient.ts';
import { convInputGradient } from '../../../src/core/ops/conv-input-gradient.ts';
import { type ConvOptions, convAttributes, convShape } from '../../../src/core/ops/conv-shape.ts';
import { canTile, tiledConv, tiledFilterGradient, tilingPays } from '../../../src/core/ops/tiled-conv.ts';
import { type Feeds, interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

/** By the definition in double precision, and by onnxruntime's rounding. */
async function expectSame(tiled: Value, plain: Value, feeds: Feeds): Promise<void> {
  const [wanted, exact] = interpret([plain, tiled], feeds);
  const [rounded] = await runInOnnxruntime([tiled], feeds);
  expect(exact?.shape).toEqual(wanted?.shape);
  const largest = Math.max(...(wanted?.data ?? []).map(Math.abs));
  wanted?.data.forEach((value, i) => {
    expect(Math.abs((exact?.data[i] ?? Number.NaN) - value) / largest).toBeLessThan(1e-12);
    expect(Math.abs((rounded?.[i] ?? Number.NaN) - value) / largest).toBeLessThan(5e-6);
  });
}

describe.each<[string, Shape, ConvOptions]>([
  ['whole tiles', [2, 3, 8, 8], { padding: 1 }],
  ['a part of a tile', [1, 3, 7, 5], { padding: 1 }],
  ['no padding', [2, 3, 9, 6], {}],
  ['uneven padding', [1, 3, 5, 6], { padding: [2, 0, 1, 2] }],
])('a convolution in tiles, %s', (_, x, options) => {
  const w: Shape = [4, 3, 3, 3];
  const attributes = convAttributes(options);
  const dy = convShape(x, w, attributes);
  const random = seededRandom(3);
  const numbers = (shape: Shape) => Float64Array.from({ length: count(shape) }, random.normal);
  const feeds = { x: numbers(x), w: numbers(w), dy: numbers(dy) };
  const [pictures, filters, slopes] = [input('x', x), input('w', w), input('dy', dy)];

  it('is what the definition says', () =>
    expectSame(tiledConv(pictures, filters, attributes), conv(pictures, filters, options), feeds));

  it('has the filter gradient', () =>
    expectSame(
      tiledFilterGradient(pictures, slopes, w, attributes),
      convFilterGradient(pictures, slopes, w, attributes),
      feeds,
    ));

  it('has the input gradient, without a pass that mirrors the filters', async () => {
    const plain = convInputGradient(slopes, filters, x, attributes);
    const [dx, mirrored] = plain.inputs;
    if (!dx || !mirrored || plain.op.name !== 'conv') throw new Error('an input gradient of another kind');
    const tiled = tiledConv(dx, mirrored, { ...attributes, ...plain.attributes });
    expect(topological([tiled]).map(({ op }) => op.name)).not.toContain('flip');
    await expectSame(tiled, plain, feeds);
  });
});

it('is for dense 3×3 of stride 1, and for many channels of small pictures', () => {
  const dense: Shape = [128, 128, 3, 3];
  expect(canTile(dense, convAttributes({ padding: 1 }))).toBe(true);
  for (const options of [{ stride: 2 }, { dilation: 2 }, { groups: 2 }])
    expect(canTile(dense, convAttributes(options))).toBe(false);
  expect(canTile([128, 128, 1, 1], convAttributes({}))).toBe(false);
  expect(tilingPays(dense, [16, 128, 28, 28])).toBe(true);
  expect(tilingPays(dense, [16, 128, 56, 56])).toBe(false);
  expect(tilingPays([64, 128, 3, 3], [16, 64, 28, 28])).toBe(false);
});

it("takes the filter gradient's slots of x for others than the forward pass's", () => {
  const attributes = convAttributes({ padding: 1 });
  const [x, w, dy] = [input('x', [2, 2, 8, 8]), input('w', [2, 2, 3, 3]), input('dy', [2, 2, 8, 8])];
  const all = simplify([tiledConv(x, w, attributes), tiledFilterGradient(x, dy, w.shape, attributes)]);
  const transposed = topological(all).filter(
    ({ op, inputs: [from] }) => op.name === 'transpose' && (from === x || from?.inputs[0] === x),
  );
  expect(transposed).toHaveLength(2);
});
