import { describe, expect, it } from 'vitest';
import { repvggA0 } from '../../../src/core/backbones/repvgg.ts';
import { buildNormalised } from '../../../src/core/compile/1-build.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { randomTrained } from '../../support/reference/trained.ts';

/** That both forms compute the same is tested with the other mobile families. */
describe('RepVGG', () => {
  const settings = { ...repvggA0.defaults, embedding: 8 };
  const pixels = { mean: 127.5, deviation: 127.5, order: 'rgb' } as const;
  const plan = { backbone: repvggA0, settings, size: 32, pixels };
  const { net } = buildNormalised(plan, 2);
  const units = 1 + 2 + 4 + 14 + 1;

  it('has two convolutions a unit in training', () => {
    const filters = net.parameters.filter(({ name }) => name.endsWith('.conv.weight'));
    expect(filters).toHaveLength(2 * units);
  });

  it('is exported as plain 3×3 convolutions and ReLUs', () => {
    const { nodes } = compileExport(plan, randomTrained(net), { recipe: '', version: '' }).graph;
    const counts: Record<string, number> = {};
    for (const { op } of nodes) counts[op] = (counts[op] ?? 0) + 1;
    expect(counts).toEqual({ Conv: units, Relu: units, Reshape: 1, Gemm: 1 });
    const convs = nodes.filter(({ op }) => op === 'Conv');
    for (const { attributes } of convs)
      expect(attributes.get('kernel_shape')).toEqual({ kind: 'ints', value: [3, 3] });
  });
});
