import { expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { type Activation, activate, activations } from '../../../src/core/layers/activation.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { interpret } from '../../support/reference/interpret.ts';

const numbers = [-8, -3, -1, -0.2, 0, 0.3, 2, 5, 7.5, 9];

/** Φ by Simpson's rule from −12. */
function normalShare(x: number): number {
  const [from, n] = [-12, 4000];
  const step = (x - from) / n;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(from) + density(x);
  for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * density(from + i * step);
  return (sum * step) / 3;
}

const wanted: Readonly<Record<Activation, (x: number) => number>> = {
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  prelu: (x) => (x < 0 ? 0.4 * x : x),
  'leaky-relu': (x) => (x < 0 ? 0.01 * x : x),
  silu: (x) => x / (1 + Math.exp(-x)),
  'hard-swish': (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
  gelu: (x) => x * normalShare(x),
};

it.each(activations)('%s is what its paper says', (kind) => {
  const net = openNet(true);
  const y = activate(net, 'a', input('x', [numbers.length, 1]), kind);
  const got = interpret([y], { x: numbers, 'a.slope': [0.4] })[0]?.data ?? [];
  numbers.forEach((x, i) => {
    expect(Math.abs((got[i] ?? Number.NaN) - wanted[kind](x))).toBeLessThan(1e-6);
  });
  expect(net.parameters.map(({ name }) => name)).toEqual(kind === 'prelu' ? ['a.slope'] : []);
});
