import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { costOf } from '../../../src/core/backbones/cost.ts';
import { backbones } from '../../../src/core/backbones/index.ts';
import { conv2d } from '../../../src/core/layers/conv2d.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import { flatten } from '../../../src/core/layers/shape.ts';

it('counts a small network as one does by hand', () => {
  const small: Backbone = {
    name: 'small',
    title: 'Small',
    input: 8,
    defaults: { embedding: 5, dropout: 0 },
    build(net, x, { embedding }) {
      const y = conv2d(net, 'a', x, { out: 6, kernel: 3, stride: 2, padding: 1, groups: 3, bias: true });
      return linear(net, 'b', flatten(y), { out: embedding });
    },
  };
  expect(costOf(small, small.defaults, 8)).toEqual({
    parameters: 6 * 9 + 6 + 5 * 6 * 4 * 4 + 5,
    multiplyAdds: 6 * 4 * 4 * 9 + 5 * 6 * 4 * 4,
    // the picture, convolution, with bias, the same as a row, product, with bias: float32, 1.6 times
    perImage: (3 * 8 * 8 + 3 * 6 * 4 * 4 + 2 * 5) * 4 * 1.6,
  });
});

/** FaceX-Zoo's README, in millions, of one picture of 112 px. */
const published: Readonly<Record<string, number>> = {
  mobilefacenet: 227.57,
  'ir-50': 6310,
  'ir-se-152': 12_330,
};

describe.each(Object.entries(published))('%s', (name, millions) => {
  it('costs what is published', () => {
    const backbone = backbones.find((one) => one.name === name);
    if (!backbone) throw new Error(`no backbone ${name}`);
    const { multiplyAdds } = costOf(backbone, backbone.defaults, 112);
    expect(Math.abs(multiplyAdds / (millions * 1e6) - 1)).toBeLessThan(1e-3);
  });
});

describe.each(backbones)('$title', ({ name, input, multipleOf = 1, ...rest }) => {
  it('takes the sizes that it says it takes', () => {
    const backbone = { name, input, multipleOf, ...rest };
    expect(input % multipleOf).toBe(0);
    const costs = [32, 48, input, 2 * input]
      .filter((size) => size % multipleOf === 0)
      .map((size) => costOf(backbone, rest.defaults, size).multiplyAdds);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    // where every halving comes out even, four times the pixels are four times the work
    if (multipleOf > 1) expect((costs.at(-1) ?? 0) / (costs.at(-2) ?? 1)).toBeCloseTo(4, 1);
  });
});
