import { describe, expect, it } from 'vitest';
import type { BackboneOption } from '../../../src/core/backbones/backbone.ts';
import { backbones } from '../../../src/core/backbones/index.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { openNet, parameterCount } from '../../../src/core/layers/net.ts';
import { golden } from './golden.ts';

/** All of a choice, and two of many numbers. */
function valuesOf(option: BackboneOption): readonly (number | string | boolean)[] {
  if (option.kind === 'number') return [option.least, (option.least + option.most) / 2];
  return option.kind === 'choice' ? option.of : [true, false];
}

describe.each(backbones)('$title', (backbone) => {
  const { name, input: size, defaults, options = [], trunk } = backbone;
  const known = golden[name];

  it('has exactly the published number of parameters, and the embedding it should', () => {
    for (const training of [true, false]) {
      const net = openNet(training);
      const embedding = backbone.build(net, input('x', [2, 3, size, size]), defaults);
      expect(embedding.shape).toEqual([2, defaults.embedding]);
      expect(parameterCount(net)).toBe(known?.whole);
    }
  });

  it.skipIf(known?.trunk === undefined)('has its paper’s trunk', () => {
    const net = openNet(false);
    trunk?.(net, input('x', [1, 3, size, size]), { ...defaults, ...known?.paper });
    expect(parameterCount(net)).toBe(known?.trunk);
  });

  it('states a default for each of its options, and reads no other setting', () => {
    const named = ['embedding', 'dropout', ...options.map((option) => option.name)];
    expect(Object.keys(defaults).toSorted()).toEqual(named.toSorted());
  });

  it.each(options)('reads $name: every choice makes another network', (option) => {
    const networks = valuesOf(option).map((value) => {
      const net = openNet(true);
      const settings = { ...defaults, [option.name]: value };
      const embedding = backbone.build(net, input('x', [2, 3, size, size]), settings);
      expect(embedding.shape).toEqual([2, defaults.embedding]);
      const learnt = net.parameters.map((one) => `${one.name} [${one.shape}]`);
      const computed = topological([embedding]).map(({ op, shape }) => `${op.name} [${shape}]`);
      return [...learnt, ...computed].join();
    });
    expect(networks.length).toBeGreaterThan(1);
    expect(new Set(networks).size).toBe(networks.length);
  });
});

it('names every backbone once', () => {
  expect(new Set(backbones.map(({ name }) => name)).size).toBe(backbones.length);
});

it('knows the count of every backbone, and of no other', () => {
  expect(Object.keys(golden).toSorted()).toEqual(backbones.map(({ name }) => name).toSorted());
});
