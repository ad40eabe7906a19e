import { describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { openNet, parameterCount } from '../../../src/core/layers/net.ts';

/** Counts from the papers' own code: slopes and normalisation's parameters included, running statistics not. */
const golden: Readonly<Record<string, number>> = {
  mobilefacenet: 1_200_512,
  'ir-18': 24_017_536,
  'ir-34': 34_127_552,
  'ir-50': 43_574_976,
  'ir-101': 65_129_792,
  'ir-152': 70_737_600,
};

describe.each(backbones)('$title', ({ name, input: size, defaults, build }) => {
  it('has exactly the published number of parameters, and the embedding it should', () => {
    for (const training of [true, false]) {
      const net = openNet(training);
      const embedding = build(net, input('x', [2, 3, size, size]), defaults);
      expect(embedding.shape).toEqual([2, defaults.embedding]);
      expect(parameterCount(net)).toBe(golden[name]);
    }
  });
});

it('names every backbone once', () => {
  expect(new Set(backbones.map(({ name }) => name)).size).toBe(backbones.length);
});
