import { describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { openNet, parameterCount } from '../../../src/core/layers/net.ts';
import { golden } from './golden.ts';

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

  it.each(options)('reads $name', (option) => {
    const other =
      'of' in option ? option.of : option.kind === 'number' ? [option.least, option.most] : [true, false];
    const builds = other.map((value) => {
      const net = openNet(true);
      const settings = { ...defaults, dropout: 0.1, [option.name]: value };
      const { shape } = backbone.build(net, input('x', [2, 3, size, size]), settings);
      expect(shape).toEqual([2, defaults.embedding]);
      return net.parameters.map((one) => `${one.name} [${one.shape}]`).join();
    });
    expect(builds.length).toBeGreaterThan(0);
  });
});

it('names every backbone once', () => {
  expect(new Set(backbones.map(({ name }) => name)).size).toBe(backbones.length);
});

it('knows the count of every backbone, and of no other', () => {
  expect(Object.keys(golden).toSorted()).toEqual(backbones.map(({ name }) => name).toSorted());
});
