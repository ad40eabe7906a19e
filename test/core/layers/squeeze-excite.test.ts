import { expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { squeezeExcite } from '../../../src/core/layers/squeeze-excite.ts';
import { interpret } from '../../support/reference/interpret.ts';

/** Two channels of 1×2, with means 2 and −1. */
const pictures = [1, 3, -2, 0];
const down = [0.5, -1]; // [1, 2]: 0.5·2 + 1 = 2
const up = [1.5, -0.5]; // [2, 1]

function factors(options: { readonly bias?: boolean; readonly gate?: 'hard-sigmoid' }): number[] {
  const net = openNet(false);
  const y = squeezeExcite(net, 'se', input('x', [1, 2, 1, 2]), { middle: 1, ...options });
  const biases = { 'se.down.bias': [-3], 'se.up.bias': [1, 1] };
  const feeds = { x: pictures, 'se.down.weight': down, 'se.up.weight': up, ...biases };
  const data = interpret([y], feeds)[0]?.data ?? [];
  const count = net.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect(count).toBe(options.bias ? 7 : 4);
  return [(data[1] ?? Number.NaN) / 3, (data[2] ?? Number.NaN) / -2];
}
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

it('makes every channel larger or smaller by what all of them say', () => {
  const [first, second] = factors({});
  expect(first).toBeCloseTo(sigmoid(1.5 * 2), 12);
  expect(second).toBeCloseTo(sigmoid(-0.5 * 2), 12);
});

it('has biases and other gates where they are asked for', () => {
  // the bias of −3 leaves nothing of 2 after the ReLU
  expect(factors({ bias: true })[0]).toBeCloseTo(sigmoid(1), 12);
  const [first, second] = factors({ gate: 'hard-sigmoid' });
  expect(first).toBeCloseTo(3 / 6 + 0.5, 12);
  expect(second).toBeCloseTo(-1 / 6 + 0.5, 12);
});
