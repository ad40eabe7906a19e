import { describe, expect, it } from 'vitest';
import { type Decay, rateAt, type Schedule } from '../../../src/core/training/schedule.ts';

const schedule = (decay: Decay, warmUpSteps = 0): Schedule => ({
  base: 0.1,
  decay,
  warmUp: { steps: warmUpSteps, from: 0 },
  total: 100 + warmUpSteps,
});

describe('rateAt', () => {
  it('steps down when a step is reached', () => {
    const steps = schedule({ kind: 'step', at: [35, 65, 95], factor: 0.1 });
    expect([0, 34, 35, 64, 65, 94, 95, 99].map((step) => rateAt(steps, step))).toEqual(
      [0.1, 0.1, 0.01, 0.01, 1e-3, 1e-3, 1e-4, 1e-4].map((rate) => expect.closeTo(rate, 12)),
    );
  });

  it('follows half a cosine', () => {
    const cosine = schedule({ kind: 'cosine', end: 0.02 });
    expect(rateAt(cosine, 0)).toBe(0.1);
    expect(rateAt(cosine, 50)).toBeCloseTo(0.06, 12);
    expect(rateAt(cosine, 100)).toBeCloseTo(0.02, 12);
    expect(rateAt(cosine, 1000)).toBeCloseTo(0.02, 12);
  });

  it('follows a power', () => {
    const square = schedule({ kind: 'polynomial', power: 2, end: 0 });
    expect(rateAt(square, 50)).toBeCloseTo(0.025, 12);
    expect(rateAt(square, 100)).toBe(0);
  });

  it('warms up batch by batch and reaches the base rate', () => {
    const warm = schedule({ kind: 'cosine', end: 0 }, 5);
    expect([0, 1, 2, 3, 4].map((step) => rateAt(warm, step))).toEqual(
      [0.02, 0.04, 0.06, 0.08, 0.1].map((rate) => expect.closeTo(rate, 12)),
    );
    expect(rateAt(warm, 5)).toBe(0.1);
    expect(rateAt(warm, 55)).toBeCloseTo(0.05, 12);
  });

  it.each<Decay>([
    { kind: 'constant' },
    { kind: 'step', at: [10, 20], factor: 0.5 },
    { kind: 'cosine', end: 0.01 },
    { kind: 'polynomial', power: 1.5, end: 0.01 },
  ])('never rises after warming up: $kind', (decay) => {
    const rates = Array.from({ length: 120 }, (_, step) => rateAt(schedule(decay), step));
    rates.slice(1).forEach((rate, i) => {
      expect(rate).toBeLessThanOrEqual(rates[i] ?? 0);
    });
  });
});
