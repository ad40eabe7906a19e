import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { simplify } from '../../../src/core/compile/4-simplify.ts';
import {
  adjointOfScaled,
  convOfScaled,
  filterGradientOfScaled,
} from '../../../src/core/compile/rules-scale.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { count, sameShape } from '../../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { scaleChannels } from '../../../src/core/ops/affine.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { convAdjoint } from '../../../src/core/ops/conv-adjoint.ts';
import { convFilterGradient } from '../../../src/core/ops/conv-filter-gradient.ts';
import { type ConvOptions, convAttributes, convShape } from '../../../src/core/ops/conv-shape.ts';
import { interpret } from '../../support/reference/interpret.ts';

const picture: Shape = [2, 4, 5, 6];

/** Whether a factor is applied to whole pictures of this shape. */
const scales = (result: Value, shape: Shape): boolean =>
  topological(simplify([result])).some(
    (value) => value.op.name === 'multiply' && sameShape(value.shape, shape),
  );

function expectSame(result: Value, shapes: Readonly<Record<string, Shape>>): void {
  const random = seededRandom(5);
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      Float64Array.from({ length: count(shape) }, random.normal),
    ]),
  );
  const [before, after] = [interpret([result], feeds)[0], interpret(simplify([result]), feeds)[0]];
  expect(after?.shape).toEqual(before?.shape);
  before?.data.forEach((value, i) => {
    expect(after?.data[i]).toBeCloseTo(value, 9);
  });
}

describe.each<[string, Shape, ConvOptions]>([
  ['dense', [3, 4, 3, 3], { padding: 1 }],
  ['1×1', [3, 4, 1, 1], {}],
  ['depthwise with a stride', [4, 1, 3, 3], { padding: 1, stride: 2, groups: 4 }],
])('a factor a channel, %s', (_, w, options) => {
  const attributes = convAttributes(options);
  const out = convShape(picture, w, attributes);
  const [x, filters, dy] = [input('x', picture), input('w', w), input('dy', out)];

  it('goes into the filters of a convolution', () => {
    const result = conv(scaleChannels(x, input('s', [4])), filters, options);
    expect(scales(result, picture)).toBe(false);
    expectSame(result, { x: picture, w, s: [4] });
  });

  it('goes into those of its adjoint', () => {
    const s: Shape = [out[1] ?? 0];
    const result = convAdjoint(scaleChannels(dy, input('s', s)), filters, picture, attributes);
    expect(scales(result, out)).toBe(false);
    expectSame(result, { dy: out, w, s });
  });

  it('comes out of the filter gradient', () => {
    const s: Shape = [out[1] ?? 0];
    const result = convFilterGradient(x, scaleChannels(dy, input('s', s)), w, attributes);
    expect(scales(result, out)).toBe(false);
    expectSame(result, { x: picture, dy: out, s });
  });
});

it('refuses, with a reason, groups of several channels', () => {
  const x = scaleChannels(input('x', picture), input('s', [4]));
  const grouped = conv(x, input('w', [2, 2, 3, 3]), { groups: 2 });
  expect(convOfScaled.apply(grouped)).toHaveProperty('refused');
});

it('is about pictures with a factor a channel only', () => {
  const plain = input('x', picture);
  const attributes = convAttributes({});
  const dy = input('dy', [2, 3, 3, 4]);
  expect(convOfScaled.apply(conv(plain, input('w', [3, 4, 3, 3])))).toBeUndefined();
  expect(
    adjointOfScaled.apply(convAdjoint(dy, input('w', [3, 4, 3, 3]), picture, attributes)),
  ).toBeUndefined();
  expect(
    filterGradientOfScaled.apply(convFilterGradient(plain, dy, [3, 4, 3, 3], attributes)),
  ).toBeUndefined();
});
