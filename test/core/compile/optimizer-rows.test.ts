import { describe, expect, it } from 'vitest';
import { type OptimizerSettings, optimize } from '../../../src/core/compile/3-optimizer.ts';
import { input } from '../../../src/core/graph/builder.ts';
import type { Shape } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { openNet, parameter } from '../../../src/core/layers/net.ts';
import { interpret } from '../../support/reference/interpret.ts';

const numbers = [0.5, -1, 2, 0.25, -0.75, 1.5];
const settings: readonly OptimizerSettings[] = [
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01, clipNorm: 1 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.05, clipNorm: null },
];

function step(shape: Shape, how: OptimizerSettings) {
  const net = openNet(true);
  parameter(net, 'w', shape, { kind: 'constant', value: 0 });
  const average = { decay: 0.9, of: () => true };
  const optimized = optimize(net.parameters, [input('dw', shape)], input('rate', []), how, { average });
  const results = [...optimized.parameters, ...optimized.slots.map(({ next }) => next)];
  const slots = optimized.slots.map((slot, at) => {
    const length = slot.shape.length === 0 ? 1 : numbers.length;
    return [slot.name, Array.from({ length }, (_, i) => 0.1 * (at + 1) * (i + 1))] as const;
  });
  const feeds = { w: numbers, dw: numbers.toReversed(), rate: [0.1], ...Object.fromEntries(slots) };
  return { results, computed: interpret(results, feeds) };
}

describe.each(settings)('a step of $kind over filters of 1×1', (how) => {
  const filters = step([3, 2, 1, 1], how);

  it('is the same as over a row of as many numbers', () => {
    const row = step([6], how);
    expect(filters.computed.map(({ data }) => [...data])).toEqual(row.computed.map(({ data }) => [...data]));
    expect(filters.results[0]?.shape).toEqual([3, 2, 1, 1]);
  });

  it('multiplies no single number with sides of 1 at the end, which onnxruntime is slow at', () => {
    const slow = topological(filters.results).filter(
      ({ op, shape, inputs }) =>
        op.name !== 'reshape' && inputs.length === 2 && shape.length > 1 && shape.at(-1) === 1,
    );
    expect(slow.map(({ op, shape }) => `${op.name} [${shape}]`)).toEqual([]);
  });
});
