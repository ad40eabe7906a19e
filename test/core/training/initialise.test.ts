import { describe, expect, it } from 'vitest';
import { he } from '../../../src/core/layers/net.ts';
import { drawMask, initialise } from '../../../src/core/training/initialise.ts';

describe('initialise', () => {
  const xavier = { kind: 'xavier', fanIn: 100, fanOut: 50 } as const;
  const weights = (name: string, seed: number) =>
    initialise({ name, shape: [50, 100], initial: xavier }, seed);

  it('fills Xavier’s interval evenly', () => {
    const data = weights('a.weight', 1);
    const bound = Math.sqrt(6 / 150);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
    const square = data.reduce((sum, x) => sum + x * x, 0) / data.length;
    expect(Math.abs(mean)).toBeLessThan(0.1 * bound);
    expect(square / (bound ** 2 / 3)).toBeCloseTo(1, 1);
  });

  it('depends on the seed and the name, and on nothing else', () => {
    expect(weights('a.weight', 1)).toEqual(weights('a.weight', 1));
    expect(weights('a.weight', 1)).not.toEqual(weights('a.weight', 2));
    expect(weights('a.weight', 1)).not.toEqual(weights('b.weight', 1));
  });

  it('has constants and normal numbers', () => {
    expect([...initialise({ name: 'x', shape: [2], initial: { kind: 'constant', value: 0.25 } }, 1)]).toEqual(
      [0.25, 0.25],
    );
    const data = initialise({ name: 'x', shape: [10_000], initial: { kind: 'normal', deviation: 0.01 } }, 1);
    const square = data.reduce((sum, x) => sum + x * x, 0) / data.length;
    expect(Math.sqrt(square) / 0.01).toBeCloseTo(1, 1);
  });

  it('has uniform numbers between its bounds, and He’s by what goes out', () => {
    const even = initialise({ name: 'x', shape: [10_000], initial: { kind: 'uniform', bound: 0.5 } }, 1);
    expect(Math.max(...even)).toBeGreaterThan(0.499);
    expect(Math.min(...even)).toBeLessThan(-0.499);
    expect(Math.max(...even.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(he(64 * 9)).toEqual({ kind: 'normal', deviation: Math.sqrt(2 / 576) });
  });
});

describe('drawMask', () => {
  it('keeps as many as it should, others at every step', () => {
    const first = drawMask('d.mask', [10_000], 0.4, 1, 0);
    expect(first.reduce((sum, kept) => sum + kept, 0) / 10_000).toBeCloseTo(0.6, 1);
    expect(first).toEqual(drawMask('d.mask', [10_000], 0.4, 1, 0));
    expect(first).not.toEqual(drawMask('d.mask', [10_000], 0.4, 1, 1));
    expect(first).not.toEqual(drawMask('d.mask', [10_000], 0.4, 2, 0));
  });
});
