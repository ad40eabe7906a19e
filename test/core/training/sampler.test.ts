import { describe, expect, it } from 'vitest';
import { epochOrders, openSampler, stepsPerEpoch } from '../../../src/core/training/sampler.ts';

const classes = Int32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3]); // no class 2: 8, 2, 0, 1
const request = { classes, seed: 5, stepImages: 3 };

function steps(kind: 'shuffle' | 'balanced', from: number, to: number, seed = 5): number[][] {
  const sampler = openSampler(epochOrders[kind], { ...request, seed });
  return Array.from({ length: to - from }, (_, i) => [...sampler.step(from + i).indices]);
}

describe.each(['shuffle', 'balanced'] as const)('the sampler %s', (kind) => {
  it('gives every step as it is in the whole run, wherever it begins', () => {
    const whole = steps(kind, 0, 20);
    expect(steps(kind, 7, 20)).toEqual(whole.slice(7));
    const sampler = openSampler(epochOrders[kind], request);
    for (const step of [19, 0, 4, 3, 12]) expect([...sampler.step(step).indices]).toEqual(whole[step]);
    expect(steps(kind, 0, 20, 6)).not.toEqual(whole);
  });

  it('counts epochs and places', () => {
    const sampler = openSampler(epochOrders[kind], request);
    expect(sampler.stepsPerEpoch).toBe(3);
    expect(sampler.step(0)).toMatchObject({ epoch: 0, place: 0 });
    expect(sampler.step(5)).toMatchObject({ epoch: 1, place: 6 });
    expect(sampler.step(3000)).toMatchObject({ epoch: 1000, place: 0 });
  });
});

describe('shuffle', () => {
  it('has every picture once an epoch, but those that fill no step', () => {
    const orders = [0, 1, 2].map((epoch) => steps('shuffle', epoch * 3, epoch * 3 + 3).flat());
    for (const order of orders) {
      expect(order.length).toBe(9);
      expect(new Set(order).size).toBe(9);
    }
    expect(orders[0]).not.toEqual(orders[1]);
    // left out are others each epoch, so that all pictures are seen in time
    expect(new Set(steps('shuffle', 0, 30).flat()).size).toBe(11);
  });

  it('puts each picture anywhere', () => {
    const sums = new Float64Array(50);
    for (let epoch = 0; epoch < 400; epoch++) {
      const order = epochOrders.shuffle({ epoch, seed: 1, classes: new Int32Array(50) }, 50);
      for (const [place, picture] of order.entries()) sums[picture] = (sums[picture] ?? 0) + place;
    }
    for (const sum of sums) expect(Math.abs(sum / 400 - 24.5)).toBeLessThan(3.5); // deviation 0.72
  });
});

describe('balanced', () => {
  it('draws every class as often, and every picture of a class', () => {
    const order = epochOrders.balanced({ epoch: 0, seed: 2, classes }, 30_000);
    const counts = new Int32Array(classes.length);
    for (const picture of order) counts[picture] = (counts[picture] ?? 0) + 1;
    const wanted = Array.from(classes, (number) => 10_000 / ([8, 2, 0, 1][number] ?? 0));
    for (const [picture, count] of counts.entries()) {
      expect(Math.abs(count / (wanted[picture] ?? 0) - 1)).toBeLessThan(0.13); // four deviations of the rarest
    }
  });
});

describe('stepsPerEpoch', () => {
  it('refuses fewer pictures than a step needs', () => {
    expect(stepsPerEpoch(256, 128)).toBe(2);
    expect(stepsPerEpoch(255, 128)).toBe(1);
    expect(() => stepsPerEpoch(127, 128)).toThrow(
      '127 pictures to train on do not make one step, which takes 128.',
    );
  });
});
